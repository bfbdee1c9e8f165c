// containerd: where its configuration has a config_path, <path>/<host>/hosts.toml names CA files
// that are read besides the system's store, or Docker's file names are looked for beside it
// (containerd, "Registry Host Configuration").

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/go_trust.h"
#include "clients/registry_certs.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

bool is_ca(const settings::Entry& entry) {
  const auto& path = entry.path;
  // ca = "x", ca = ["x", "y"], [host."https://…"] ca = …
  for (std::size_t i = 0; i < path.size() && i < 3; ++i) {
    if (path[i] == "ca" && path.size() - i <= 2) {
      return true;
    }
  }
  return false;
}

void add_hosts_file(const Machine& machine, const RegistryDirectory& directory, Client& client,
                    RuleList& rules) {
  const std::vector<std::string> files = {directory.path + "/hosts.toml"};
  for (const settings::Document& document : documents_of(machine, files, settings::read_toml)) {
    for (const settings::Entry& entry : document.entries) {
      const Origin origin{.file = document.file, .line = entry.line};
      if (is_ca(entry)) {
        rules.setting(
            "hosts.toml ca",
            Setting{.value = machine.joined(directory.path, entry.value), .origin = origin},
            {.effect = Effect::Adds, .purpose = Purpose::OwnServers});
      } else if (!entry.path.empty() && entry.path.back() == "skip_verify" &&
                 entry.value == "true") {
        switch_off(client, "skip_verify", origin);
      }
    }
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto program = machine.program("containerd");
  if (!program) {
    return;
  }
  const std::string version = go_version_of(machine, *program);
  const Client plain{.kind = "containerd",
                     .path = *program,
                     .tls_library = version.empty() ? "Go crypto/tls" : "Go crypto/tls " + version,
                     .profile = "go"};
  Client client = plain;
  RuleList rules(survey, client.trust);
  add_go_trust(survey, rules);
  survey.add(std::move(client));
  std::vector<std::string> parents;
  const std::vector<std::string> files = {"/etc/containerd/config.toml"};
  for (const settings::Document& document : documents_of(machine, files, settings::read_toml)) {
    for (const settings::Entry& entry : document.entries) {
      if (!entry.path.empty() && entry.path.back() == "config_path" && !entry.value.empty()) {
        parents.push_back(machine.joined({}, entry.value.substr(0, entry.value.find(':'))));
      }
    }
  }
  for (const RegistryDirectory& directory : registry_directories(machine, parents)) {
    Client registry = plain;
    registry.reach.host = directory.host;
    RuleList own(survey, registry.trust);
    if (machine.is_file(directory.path + "/hosts.toml")) {
      add_hosts_file(machine, directory, registry, own);
    } else {
      static_cast<void>(add_registry_certificates(survey, directory, own));
    }
    add_go_trust(survey, own);
    survey.add(std::move(registry));
  }
}

}  // namespace

extern constinit const Detector detector_containerd{.id = "containerd", .detect = detect};

}  // namespace medic::clients
