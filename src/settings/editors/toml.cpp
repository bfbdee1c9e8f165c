#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

// A basic string (TOML 1.0).
std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{} = {}", key, in_double_quotes(value));
}

}  // namespace

extern constinit const Editor editor_toml{
    .id = "toml", .read = read_toml, .sections = true, .line = line};

}  // namespace medic::settings
