#pragma once

// What a TLS client shows for itself: its certificate chain and its private key, out of PEM, PKCS#8
// and PKCS#12 files. OpenSSL reads keys and does the decryption; nothing here logs or keeps a
// passphrase.

#include <string_view>
#include <vector>

#include "x509/certificate.h"
#include "x509/secret.h"

namespace medic::x509 {

// PKCS#8 PrivateKeyInfo, DER, of the first private key in PEM (PKCS#8, RSA, EC; encrypted or not)
// or DER. A missing or wrong passphrase is an Error of kind Usage.
Result<SecretBytes> read_private_key(ByteView bytes, std::string_view passphrase = {});

struct Identity {
  std::vector<CertificatePtr> chain;  // leaf first; the others in the order of the file
  SecretBytes key;                    // PKCS#8, DER; empty: the file has none
};

// A file encrypted with RC2 or another cipher that only OpenSSL's legacy provider has is an Error
// that says how to convert it.
Result<Identity> read_pkcs12(ByteView bytes, std::string_view passphrase);

// The public half, SubjectPublicKeyInfo DER, for comparison with PublicKey::spki.
Result<Bytes> public_half(ByteView pkcs8);

}  // namespace medic::x509
