// Yarn. Version 1 reads .yarnrc before npm's files (lib/cli.js, requestManager.setOptions());
// from 2 on .yarnrc.yml and YARN_* alone (httpsCaFilePath, enableStrictSsl). Run with 1.22 and 4.

#include <algorithm>
#include <iterator>

#include "clients/detector.h"
#include "clients/node_trust.h"
#include "clients/npm_config.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

void add_first_yarn(const Machine& machine, const std::optional<NodeRuntime>& node, Client& client,
                    RuleList& rules) {
  NpmConfig config = npm_config(machine, npmrc_files(machine, {}, node ? node->path : client.path),
                                "npm_config_", settings::read_npmrc);
  const std::string prefix(machine::parent(machine::parent(node ? node->path : client.path)));
  NpmConfig own = npm_config(machine, {prefix + "/etc/yarnrc", home_of(machine) + "/.yarnrc"},
                             "yarn_", settings::read_yarnrc);
  std::ranges::move(own.settings, std::back_inserter(config.settings));
  add_npm_trust(config, CaOrder::FileFirst, rules);
  check_npm_strict(config, client);
}

void add_later_yarn(const Machine& machine, Client& client, RuleList& rules) {
  const std::vector<std::string> files = {home_of(machine) + "/.yarnrc.yml"};
  const auto documents = documents_of(machine, files, settings::read_yaml);
  auto file = variable_setting(machine, "YARN_HTTPS_CA_FILE_PATH");
  if (!file) {
    file = last_setting(documents, {"httpsCaFilePath"});
  }
  // A file that cannot be read fails every request: it is read when the first one is made.
  rules.setting("httpsCaFilePath", file);
  auto strict = variable_setting(machine, "YARN_ENABLE_STRICT_SSL");
  if (!strict) {
    strict = last_setting(documents, {"enableStrictSsl"});
  }
  if (strict && says_no(strict->value)) {
    switch_off(client, "enableStrictSsl", strict->origin);
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto node = node_runtime(machine);
  for (const std::string& path : machine.programs("yarn")) {
    Client client{.kind = "yarn",
                  .version = package_json_version(machine, path),
                  .path = path,
                  .runtime = node ? node->path : std::string(),
                  .tls_library = "OpenSSL",
                  .profile = node ? node_profile(*node) : std::string()};
    RuleList rules(survey, client.trust);
    if (client.version.empty() || client.version.starts_with("1.") ||
        client.version.starts_with("0.")) {
      add_first_yarn(machine, node, client, rules);
      check_node_rejects(machine, client);
    } else {
      add_later_yarn(machine, client, rules);
    }
    add_node_trust(survey, node.value_or(NodeRuntime{}), rules);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_yarn{.id = "yarn", .detect = detect};

}  // namespace medic::clients
