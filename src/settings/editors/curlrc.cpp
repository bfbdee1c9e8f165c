#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

std::string folded(std::string_view name) {
  return std::string(name);
}

// curl(1), --config: a value with blanks stands in quotes, where a backslash escapes.
std::string line(std::string_view key, std::string_view value) {
  std::string quoted;
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      quoted.push_back('\\');
    }
    quoted.push_back(c);
  }
  return fmt::format("{} = \"{}\"", key, quoted);
}

}  // namespace

extern constinit const Editor editor_curlrc{
    .id = "curlrc", .read = read_curlrc, .sections = false, .folded = folded, .line = line};

}  // namespace medic::settings
