#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"

namespace medic::settings {
namespace {

// fish: in single quotes only the quote and the backslash are escaped.
std::string line(std::string_view key, std::string_view value) {
  std::string quoted;
  for (const char c : value) {
    if (c == '\'' || c == '\\') {
      quoted.push_back('\\');
    }
    quoted.push_back(c);
  }
  return fmt::format("set -gx {} '{}'", key, quoted);
}

}  // namespace

extern constinit const Editor editor_fish{
    .id = "fish", .read = read_fish, .sections = false, .line = line};

}  // namespace medic::settings
