#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"

namespace medic::settings {
namespace {

// php.ini: paths need no quotes.
std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{} = {}", key, value);
}

}  // namespace

extern constinit const Editor editor_ini{
    .id = "ini", .read = read_ini, .sections = true, .line = line};

}  // namespace medic::settings
