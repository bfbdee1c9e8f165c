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

// A basic string (TOML 1.0).
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

extern constinit const Editor editor_toml{
    .id = "toml", .read = read_toml, .sections = true, .folded = folded, .line = line};

}  // namespace medic::settings
