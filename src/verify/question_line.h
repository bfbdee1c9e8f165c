#pragma once

// One line of `verify --batch`, read but not judged: JSON text in, certificates and wishes out. No
// file is opened here; a line that names one says so.
//
//   {"id": any, "chain": PEM | file | [base64 DER, ...], "roots": "system" | "mozilla" | file |
//   PEM,
//    "name": host, "at": RFC 3339 time | Unix seconds, "profile": id,
//    "purpose": "server" | "client"}
//
// All but "chain" may be left out or null.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "verify/verify.h"
#include "x509/certificate.h"

namespace medic::verify {

struct QuestionLine {
  std::string id = "null";  // the value of "id" as JSON text, for the answer
  std::vector<x509::CertificatePtr> chain;
  std::string chain_file;  // not empty: the chain is in this file instead
  std::optional<std::string> name;
  std::optional<std::string> roots;
  std::optional<std::string> profile;
  std::optional<Time> at;
  std::optional<Purpose> purpose;
  std::string problem;  // not empty: the line cannot be used, and only `id` holds
};

QuestionLine parse_question_line(std::string_view line);

inline constexpr std::size_t kMaxCertificatesPerLine = 128;

// The certificates of a file's bytes, or of PEM text: at least one, at most the number above.
Result<std::vector<x509::CertificatePtr>> parse_chain(ByteView bytes);
// Whether the text is meant as PEM rather than as the name of a file.
bool is_pem(std::string_view text);

}  // namespace medic::verify
