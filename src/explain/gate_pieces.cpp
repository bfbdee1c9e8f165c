#include "explain/gate_pieces.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "explain/pattern.h"

namespace medic::explain {
namespace {

// Longer pieces are rarer, shorter ones are cut less often.
constexpr std::size_t kPiece = 18;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// The longest run of the literals without a character that JSON, HTML or a shell would escape.
std::string_view longest_run(const std::vector<std::string>& literals) {
  std::string_view longest;
  for (const std::string& literal : literals) {
    std::string_view rest = literal;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of("'\"<>&\\/"), rest.size());
      if (const std::string_view run = trimmed(rest.substr(0, end)); run.size() > longest.size()) {
        longest = run;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return longest;
}

}  // namespace

std::vector<std::string> gate_pieces(const Pattern& pattern) {
  const std::string_view run = longest_run(pattern.written());
  if (run.size() < 2 * kPiece) {
    return run.empty() ? std::vector<std::string>{}
                       : std::vector{std::string(run.substr(0, 2 * kPiece))};
  }
  return {std::string(trimmed(run.substr(0, kPiece))),
          std::string(trimmed(run.substr(run.size() - kPiece)))};
}

}  // namespace medic::explain
