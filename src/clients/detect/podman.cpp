// podman, skopeo and buildah: certs.d of the user, of the system and Docker's
// (containers-certs.d(5)); `insecure` of a registry (containers-registries.conf(5)).

#include <array>
#include <map>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/go_trust.h"
#include "clients/registry_certs.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

// [[registry]] location (or prefix) with insecure = true.
void check_insecure(const settings::Document& document, Client& client) {
  std::map<std::string, std::string> hosts;
  std::map<std::string, int> insecure;
  for (const settings::Entry& entry : document.entries) {
    if (entry.path.size() != 3 || entry.path[0] != "registry") {
      continue;
    }
    const std::string& key = entry.path[2];
    if (key == "location" || (key == "prefix" && hosts[entry.path[1]].empty())) {
      hosts[entry.path[1]] = entry.value;
    } else if (key == "insecure" && entry.value == "true") {
      insecure[entry.path[1]] = entry.line;
    }
  }
  for (const auto& [place, line] : insecure) {
    switch_off_for(client, "registry.insecure", {.file = document.file, .line = line},
                   hosts[place]);
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const std::string user = xdg_config_home(machine) + "/containers";
  for (const std::string_view name : {"podman", "skopeo", "buildah"}) {
    const auto program = machine.program(name);
    if (!program) {
      continue;
    }
    const std::string version = go_version_of(machine, *program);
    const Client plain{
        .kind = std::string(name),
        .path = *program,
        .tls_library = version.empty() ? "Go crypto/tls" : "Go crypto/tls " + version,
        .profile = "go"};
    Client client = plain;
    RuleList rules(survey, client.trust);
    add_go_trust(survey, rules);
    const std::vector<std::string> settings_files = {"/etc/containers/registries.conf",
                                                     user + "/registries.conf"};
    for (const settings::Document& document :
         documents_of(machine, settings_files, settings::read_toml)) {
      check_insecure(document, client);
    }
    survey.add(std::move(client));
    const std::vector<std::string> parents = {user + "/certs.d", "/etc/containers/certs.d",
                                              "/etc/docker/certs.d"};
    for (const RegistryDirectory& directory : registry_directories(machine, parents)) {
      Client registry = plain;
      registry.reach.host = directory.host;
      RuleList own(survey, registry.trust);
      static_cast<void>(add_registry_certificates(survey, directory, own));
      add_go_trust(survey, own);
      survey.add(std::move(registry));
    }
  }
}

}  // namespace

extern constinit const Detector detector_podman{.id = "podman", .detect = detect};

}  // namespace medic::clients
