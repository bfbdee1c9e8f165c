#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"

namespace medic::settings {
namespace {

// pam_env(8): the value as it stands; quotes around it are taken away.
std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{}={}", key, value);
}

}  // namespace

extern constinit const Editor editor_etc_environment{
    .id = "etc-environment", .read = read_etc_environment, .sections = false, .line = line};

}  // namespace medic::settings
