#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"

namespace medic::settings {
namespace {

std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{}: {}", in_double_quotes(key), in_double_quotes(value));
}

}  // namespace

extern constinit const Editor editor_json{
    .id = "json", .read = read_json, .sections = false, .line = line, .commas = true};

}  // namespace medic::settings
