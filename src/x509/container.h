#pragma once

// Certificates out of what files and servers hold: PEM (also with text around it, CRLF, BOM,
// "TRUSTED CERTIFICATE"), one DER certificate, PKCS#7 SignedData (DER or PEM), PKCS#12. "Mostly
// worked" is a value: the good certificates and a list of problems.

#include <string>
#include <string_view>
#include <vector>

#include "x509/certificate.h"

namespace medic::x509 {

struct ContainerProblem {
  std::string place;  // "line 41", "certificate 3", "offset 120"
  std::string what;   // lower case, no full stop; foreign bytes escaped, at most 32 of them
};

struct Certificates {
  std::vector<CertificatePtr> certificates;
  std::vector<ContainerProblem> problems;
  std::string format;  // "pem", "der", "pkcs7", "empty", "unknown"
};

// Detects the format by content. Never fails: an unreadable container is one problem and no
// certificate.
Certificates read_certificates(ByteView bytes);

// One PEM block's certificate, by its label ("CERTIFICATE", "TRUSTED CERTIFICATE") and body
// (x509/pem.h).
Result<CertificatePtr> certificate_of_block(std::string_view label, std::string_view body);

// RFC 7468, one block, 64 columns.
std::string pem(const Certificate& certificate);

}  // namespace medic::x509
