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
namespace {

std::string_view directory_of(std::string_view path) {
  return path.substr(0, path.rfind('/'));
}

// The files that may be about `symptom`, by whose words they hold. Reading them all takes a while;
// most say at once that they are about another.
std::vector<std::vector<const EmbeddedFile*>> candidates(std::string_view symptom) {
  std::vector<std::vector<const EmbeddedFile*>> by_library;
  std::string_view library;
  for (const EmbeddedFile& file : signature_files()) {
    if (as_text(file.bytes).find(symptom) == std::string_view::npos) {
      continue;
    }
    if (by_library.empty() || directory_of(file.path) != library) {
      by_library.emplace_back();
      library = directory_of(file.path);
    }
    by_library.back().push_back(&file);
  }
  return by_library;
}

std::string first_line(const EmbeddedFile& file, std::string_view symptom) {
  Problems problems;
  Signature signature = parse_signature(file, problems);
  return signature.symptom == symptom && !signature.match.empty()
             ? std::move(signature.match.front().line)
             : std::string();
}

}  // namespace

std::vector<std::string> lines_of_symptom(std::string_view symptom, std::size_t most) {
  std::vector<std::string> lines;
  const auto by_library = candidates(symptom);
  bool more = true;
  for (std::size_t round = 0; more && lines.size() < most; ++round) {
    more = false;
    for (const auto& files : by_library) {
      if (round >= files.size() || lines.size() == most) {
        continue;
      }
      more = true;
      std::string line = first_line(*files[round], symptom);
      if (!line.empty()) {
        lines.push_back(std::move(line));
      }
    }
  }
  return lines;
}

}  // namespace medic::explain
