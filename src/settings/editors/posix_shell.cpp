#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

std::string line(std::string_view key, std::string_view value) {
  std::string quoted;
  for (const char c : value) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return fmt::format("export {}='{}'", key, quoted);
}

}  // namespace

extern constinit const Editor editor_posix_shell{
    .id = "posix-shell", .read = read_posix_shell, .sections = false, .line = line};

}  // namespace medic::settings
