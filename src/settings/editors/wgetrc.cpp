#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

// As wget compares commands.
std::string folded(std::string_view name) {
  std::string bare = lower(name);
  std::erase_if(bare, [](char c) { return c == '-' || c == '_'; });
  return bare;
}

std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{} = {}", key, value);
}

}  // namespace

extern constinit const Editor editor_wgetrc{
    .id = "wgetrc", .read = read_wgetrc, .sections = false, .folded = folded, .line = line};

}  // namespace medic::settings
