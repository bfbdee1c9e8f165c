// npm. The settings `cafile` and `ca` (one after the other as the files stand, the last counts)
// replace what Node.js trusts and NODE_EXTRA_CA_CERTS besides (@npmcli/config, definitions.js;
// run with npm 11.19). NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch its verification off: npm
// gives every request its own `strict-ssl`.

#include "clients/detector.h"
#include "clients/node_trust.h"
#include "clients/npm_config.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto node = node_runtime(machine);
  for (const std::string& path : machine.programs("npm")) {
    const std::string real = machine.resolve(path).value_or(path);
    // .../npm/bin/npm-cli.js
    const std::string package(machine::parent(machine::parent(real)));
    const NpmConfig config =
        npm_config(machine,
                   npmrc_files(machine, machine.is_file(package + "/package.json") ? package : "",
                               node ? node->path : path),
                   "npm_config_", settings::read_npmrc);
    Client client{.kind = "npm",
                  .version = package_json_version(machine, path),
                  .path = path,
                  .runtime = node ? node->path : std::string(),
                  .tls_library = "OpenSSL",
                  .profile = node ? node_profile(*node) : std::string()};
    RuleList rules(survey, client.trust);
    add_npm_trust(config, CaOrder::LastCounts, rules);
    add_node_trust(survey, node.value_or(NodeRuntime{}), rules);
    check_npm_strict(config, client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_npm{.id = "npm", .detect = detect};

}  // namespace medic::clients
