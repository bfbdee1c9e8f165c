#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

// curl(1), --config: a value with blanks stands in quotes, where a backslash escapes.
std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{} = {}", key, in_double_quotes(value));
}

}  // namespace

extern constinit const Editor editor_curlrc{
    .id = "curlrc", .read = read_curlrc, .sections = false, .line = line};

}  // namespace medic::settings
