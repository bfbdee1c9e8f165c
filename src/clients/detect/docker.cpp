// Docker's daemon, which is who pulls: /etc/docker/certs.d/<host[:port]>/*.crt is read besides the
// system's store (docs.docker.com, engine/security/certificates); daemon.json's insecure-registries
// switch verification off for their hosts.

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/go_trust.h"
#include "clients/registry_certs.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

std::string home_directory(const Machine& machine) {
  return machine.family() == machine::Family::Windows ? "C:/ProgramData/docker" : "/etc/docker";
}

Client daemon_client(const Machine& machine, const std::string& program) {
  const std::string version = go_version_of(machine, program);
  return {.kind = "docker",
          .path = program,
          .tls_library = version.empty() ? "Go crypto/tls" : "Go crypto/tls " + version,
          .profile = "go"};
}

// One problem a line: the person takes them away one by one.
void check_insecure(const Machine& machine, Client& client) {
  const std::vector<std::string> files = {machine.family() == machine::Family::Windows
                                              ? "C:/ProgramData/docker/config/daemon.json"
                                              : "/etc/docker/daemon.json"};
  for (const settings::Document& document : documents_of(machine, files, settings::read_json)) {
    for (const settings::Entry& entry : document.entries) {
      if (entry.path.size() == 2 && entry.path[0] == "insecure-registries") {
        switch_off_for(client, "insecure-registries", {.file = document.file, .line = entry.line},
                       entry.value);
      }
    }
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  auto program = machine.program("dockerd");
  if (!program) {
    program = machine.program("docker");
  }
  if (!program) {
    return;
  }
  Client client = daemon_client(machine, *program);
  RuleList rules(survey, client.trust);
  add_go_trust(survey, rules);
  check_insecure(machine, client);
  survey.add(std::move(client));

  std::vector<std::string> parents = {home_directory(machine) + "/certs.d"};
  if (!home_of(machine).empty()) {
    // Docker Desktop copies it into its virtual machine; rootless daemons read
    // ~/.config/docker/certs.d.
    parents.push_back(home_of(machine) + "/.docker/certs.d");
    parents.push_back(xdg_config_home(machine) + "/docker/certs.d");
  }
  for (const RegistryDirectory& directory : registry_directories(machine, parents)) {
    Client registry = daemon_client(machine, *program);
    registry.reach.host = directory.host;
    RuleList own(survey, registry.trust);
    // On Windows the directory stands in place of the system's store.
    const bool any = add_registry_certificates(survey, directory, own);
    if (!any || machine.family() != machine::Family::Windows) {
      add_go_trust(survey, own);
    }
    survey.add(std::move(registry));
  }
}

}  // namespace

extern constinit const Detector detector_docker{.id = "docker", .detect = detect};

}  // namespace medic::clients
