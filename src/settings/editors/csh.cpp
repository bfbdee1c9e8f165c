#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"

namespace medic::settings {
namespace {

// csh(1): as in a shell, a quote ends the quoted part and stands escaped.
std::string line(std::string_view key, std::string_view value) {
  std::string quoted;
  for (const char c : value) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return fmt::format("setenv {} '{}'", key, quoted);
}

}  // namespace

extern constinit const Editor editor_csh{
    .id = "csh", .read = read_csh, .sections = false, .line = line};

}  // namespace medic::settings
