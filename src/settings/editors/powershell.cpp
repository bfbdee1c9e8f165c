#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"

namespace medic::settings {
namespace {

// about_Quoting_Rules: a single quote in single quotes is doubled.
std::string line(std::string_view key, std::string_view value) {
  std::string quoted;
  for (const char c : value) {
    quoted += c == '\'' ? std::string(2, c) : std::string(1, c);
  }
  return fmt::format("$env:{} = '{}'", key, quoted);
}

}  // namespace

extern constinit const Editor editor_powershell{
    .id = "powershell", .read = read_powershell, .sections = false, .line = line};

}  // namespace medic::settings
