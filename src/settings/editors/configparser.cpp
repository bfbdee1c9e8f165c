#include <fmt/core.h>

#include <string>

#include "settings/edit.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

// Sections keep their case in configparser; keys do not, and pip writes both in lower case.
std::string folded(std::string_view name) {
  return lower(name);
}

std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{} = {}", key, value);
}

}  // namespace

extern constinit const Editor editor_configparser{.id = "configparser",
                                                  .read = read_configparser,
                                                  .sections = true,
                                                  .folded = folded,
                                                  .line = line};

}  // namespace medic::settings
