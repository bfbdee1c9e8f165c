#include "explain/signature_lines.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/embedded.h"
#include "explain/data.h"
#include "explain/signature.h"

namespace medic::explain {

std::vector<std::string> lines_of_symptom(std::string_view symptom, std::size_t most) {
  std::vector<std::string> lines;
  // Reading every file takes a while; most of them say at once that they are about another.
  const std::string wanted = '"' + std::string(symptom) + '"';
  for (const EmbeddedFile& file : signature_files()) {
    if (lines.size() == most) {
      break;
    }
    if (as_text(file.bytes).find(wanted) == std::string_view::npos) {
      continue;
    }
    Problems problems;
    Signature signature = parse_signature(file, problems);
    if (signature.symptom == symptom && !signature.match.empty()) {
      lines.push_back(std::move(signature.match.front().line));
    }
  }
  return lines;
}

}  // namespace medic::explain
