#pragma once

// X509_V_ERR_* to the public vocabulary, and the purpose rules of v3_purp.c that tell which fault
// "unsuitable certificate purpose" is.

#include "verify/inputs.h"

namespace medic::verify {

Found found_for(int openssl_error, const CertificateFacts* certificate, Purpose purpose);

// extKeyUsage is there and lacks this purpose; OpenSSL does not count anyExtendedKeyUsage.
bool wrong_extended_key_usage(const x509::Certificate& certificate, Purpose purpose);
// keyUsage of an end entity, if present, has a bit that TLS can use; nsCertType fits.
bool leaf_usage_fits(const CertificateFacts& facts, Purpose purpose);
bool ca_fits_tls(const CertificateFacts& facts);

}  // namespace medic::verify
