// Programs written in Go that people start by these names. They ask the same store by the same
// rules; some have a variable of their own that replaces it.

#include <array>
#include <set>
#include <string>
#include <string_view>

#include "clients/detector.h"
#include "clients/go_trust.h"

namespace medic::clients {
namespace {

using machine::Machine;

struct Program {
  std::string_view name;
  // Of the CA of its own server, read in place of the system's; empty: none.
  std::string_view variable;
};

// Documentation of each: vault ("VAULT_CACERT"), consul ("CONSUL_CACERT"), nomad ("NOMAD_CACERT").
constexpr auto kPrograms = std::to_array<Program>({
    {"go", {}},
    {"gh", {}},
    {"glab", {}},
    {"terraform", {}},
    {"tofu", {}},
    {"packer", {}},
    {"vault", "VAULT_CACERT"},
    {"consul", "CONSUL_CACERT"},
    {"nomad", "NOMAD_CACERT"},
    {"helm", {}},
    {"rclone", {}},
    {"restic", {}},
    {"step", {}},
    {"mkcert", {}},
    {"caddy", {}},
    {"hugo", {}},
    {"syft", {}},
    {"trivy", {}},
    {"minio", {}},
    {"lego", {}},
    {"age", {}},
});

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  std::set<std::string> seen;
  for (const Program& program : kPrograms) {
    for (const std::string& path : machine.programs(program.name)) {
      const std::string version = go_version_of(machine, path);
      if (version.empty() || !seen.insert(machine.resolve(path).value_or(path)).second) {
        continue;
      }
      Client client{.kind = std::string(program.name),
                    .version = program.name == "go" ? version : std::string(),
                    .path = path,
                    .tls_library = "Go crypto/tls " + version,
                    .profile = go_profile(version)};
      RuleList rules(survey, client.trust);
      if (!program.variable.empty()) {
        rules.variable(program.variable, {.purpose = Purpose::OwnServers});
      }
      add_go_trust(survey, rules);
      survey.add(std::move(client));
    }
  }
}

}  // namespace

extern constinit const Detector detector_go{.id = "go", .detect = detect};

}  // namespace medic::clients
