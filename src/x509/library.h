#pragma once

// OpenSSL in this process: the library context that all of us use, and its end.

#include <openssl/types.h>

namespace medic::x509 {

// A context of our own with the default provider: no openssl.cnf, security level or FIPS setting of
// this machine reaches it. Made once, lives until the process ends. Shared by checks and
// connections, because each context fills its own tables of names (3 million instructions).
OSSL_LIB_CTX* own_context();

// Before anything else uses OpenSSL: what it has allocated is left to the end of the process, which
// gives it back at once, instead of being freed piece by piece (2 million instructions, a sixteenth
// of a first handshake).
void leave_openssl_to_the_exit();

}  // namespace medic::x509
