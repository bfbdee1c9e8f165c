#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{}={}", key, value);
}

}  // namespace

extern constinit const Editor editor_npmrc{
    .id = "npmrc", .read = read_npmrc, .sections = false, .line = line};

}  // namespace medic::settings
