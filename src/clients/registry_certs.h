#pragma once

// Directories of container tools with one directory per registry: "certs.d/<host[:port]>/*.crt".
// Internal to clients/.

#include <span>
#include <string>
#include <string_view>

#include "clients/rules.h"

namespace medic::clients {

struct RegistryDirectory {
  std::string path;  // ".../certs.d/registry.example:5000"
  std::string host;
};

// Of several directories with one host the first counts (containers-certs.d(5)).
std::vector<RegistryDirectory> registry_directories(const machine::Machine& machine,
                                                    std::span<const std::string> parents);

// Every *.crt of the directory, read besides what Go trusts. False: there is none.
bool add_registry_certificates(Survey& survey, const RegistryDirectory& directory, RuleList& rules);

}  // namespace medic::clients
