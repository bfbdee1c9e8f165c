#pragma once

// Certificates made with OpenSSL for these tests (lab/ stands on a higher floor).

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace medic::x509 {

using KeyPointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;

// `group` for EC, `bits` for RSA and RSA-PSS; null when OpenSSL cannot.
KeyPointer made_key(const char* type, const char* group, int bits);
// Version 3, serial 1, issuer and subject "CN=name", valid from the epoch to 2100, the public half
// of `key`.
X509Pointer unsigned_certificate(EVP_PKEY* key, std::string_view name);
// `digest` empty: the key's own (EdDSA). `pss_salt` -1: PKCS#1 v1.5.
void sign_certificate(X509* certificate, EVP_PKEY* key, const char* digest, int pss_salt);
Bytes encoded(X509* certificate);
// Every certificate file of the system's CA package, DER; a machine without one gives none.
std::vector<Bytes> system_roots();

}  // namespace medic::x509
