#include "clients/registry_certs.h"

#include <algorithm>

namespace medic::clients {

using machine::Machine;

std::vector<RegistryDirectory> registry_directories(const Machine& machine,
                                                    std::span<const std::string> parents) {
  std::vector<RegistryDirectory> found;
  for (const std::string& parent : parents) {
    const auto entries = machine.list(parent);
    if (!entries) {
      continue;
    }
    for (const machine::Entry& entry : *entries) {
      const std::string path = machine.joined(parent, entry.name);
      if (machine.is_directory(path) &&
          std::ranges::find(found, entry.name, &RegistryDirectory::host) == found.end()) {
        found.push_back({.path = path, .host = entry.name});
      }
    }
  }
  return found;
}

bool add_registry_certificates(Survey& survey, const RegistryDirectory& directory,
                               RuleList& rules) {
  const std::vector<std::string> files = survey.machine().glob(directory.path + "/*.crt");
  for (const std::string& file : files) {
    rules.setting(
        "certs.d", Setting{.value = file, .origin = {.file = file}},
        {.effect = Effect::Adds, .if_broken = Outcome::Broken, .purpose = Purpose::OwnServers});
  }
  return !files.empty();
}

}  // namespace medic::clients
