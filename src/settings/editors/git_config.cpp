#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

// git-config(1): quotes keep blanks, comment signs and backslashes.
std::string line(std::string_view key, std::string_view value) {
  const bool plain = value.find_first_of(" \t#;\"\\") == std::string_view::npos;
  return plain ? fmt::format("\t{} = {}", key, value)
               : fmt::format("\t{} = {}", key, in_double_quotes(value));
}

}  // namespace

extern constinit const Editor editor_git_config{
    .id = "git-config", .read = read_git_config, .sections = true, .folded = lower, .line = line};

}  // namespace medic::settings
