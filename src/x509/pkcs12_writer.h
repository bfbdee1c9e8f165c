#pragma once

// A PKCS#12 file that Java takes as a trust store: certificates that carry Oracle's mark of trust,
// in the clear, under a MAC. Certificates are public, so nothing is encrypted; the passphrase
// guards against accidents, as it does in Java's own cacerts.

#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "x509/certificate.h"

namespace medic::x509 {

struct NamedCertificate {
  std::string alias;  // ASCII; Java compares it in lower case
  CertificatePtr certificate;
};

Result<Bytes> pkcs12_trust_store(std::span<const NamedCertificate> certificates,
                                 std::string_view passphrase);
// The same without the MAC, as a JDK's cacerts is since 18.
Result<Bytes> pkcs12_without_integrity(std::span<const NamedCertificate> certificates);

}  // namespace medic::x509
