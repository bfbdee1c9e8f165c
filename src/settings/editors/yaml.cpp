#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

// A scalar that needs no quotes in YAML 1.1, or one in single quotes.
std::string line(std::string_view key, std::string_view value) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./";
  if (!value.empty() && value.find_first_not_of(kPlain) == std::string_view::npos) {
    return fmt::format("{}: {}", key, value);
  }
  std::string quoted;
  for (const char c : value) {
    quoted += c == '\'' ? std::string(2, c) : std::string(1, c);
  }
  return fmt::format("{}: '{}'", key, quoted);
}

}  // namespace

extern constinit const Editor editor_yaml{
    .id = "yaml", .read = read_yaml, .sections = false, .line = line};

}  // namespace medic::settings
