// pnpm: npm's settings, with a file of its own below them, and any `cafile` before any `ca`
// (@pnpm/npm-conf, loadCAFile(); run with pnpm 9.15 and 10). A `cafile` of its own file comes too
// late: the list is loaded before that file is read.

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "clients/detector.h"
#include "clients/node_trust.h"
#include "clients/npm_config.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

// @pnpm/config, getConfigDir().
std::string own_directory(const Machine& machine) {
  switch (machine.family()) {
    case Family::MacOs:
      return home_of(machine) + "/Library/Preferences/pnpm";
    case Family::Windows: {
      const std::string local = machine.variable("LOCALAPPDATA").value_or("");
      return (local.empty() ? home_of(machine) + "/AppData/Local" : machine.joined({}, local)) +
             "/pnpm/config";
    }
    case Family::Linux:
      break;
  }
  return xdg_config_home(machine) + "/pnpm";
}

std::vector<NpmSetting> take_late(NpmConfig& config, const std::string& own_file) {
  const auto is_late = [&](const NpmSetting& one) {
    return one.key == "cafile" && one.setting.origin.file == own_file;
  };
  std::vector<NpmSetting> late;
  std::ranges::copy_if(config.settings, std::back_inserter(late), is_late);
  std::erase_if(config.settings, is_late);
  return late;
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto node = node_runtime(machine);
  for (const std::string& path : machine.programs("pnpm")) {
    std::vector<std::string> files = {own_directory(machine) + "/rc"};
    for (std::string& file : npmrc_files(machine, {}, node ? node->path : path)) {
      files.push_back(std::move(file));
    }
    NpmConfig config = npm_config(machine, files, "npm_config_", settings::read_npmrc);
    const std::vector<NpmSetting> late = take_late(config, files.front());
    Client client{.kind = "pnpm",
                  .version = package_json_version(machine, path),
                  .path = path,
                  .runtime = node ? node->path : std::string(),
                  .tls_library = "OpenSSL",
                  .profile = node ? node_profile(*node) : std::string()};
    RuleList rules(survey, client.trust);
    add_npm_trust(config, CaOrder::FileFirst, rules);
    for (const NpmSetting& one : late) {
      client.trust.trace.push_back({.kind = RuleKind::Setting,
                                    .name = "cafile",
                                    .value = one.setting.value,
                                    .origin = one.setting.origin,
                                    .outcome = Outcome::Ignored});
    }
    add_node_trust(survey, node.value_or(NodeRuntime{}), rules);
    check_npm_strict(config, client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_pnpm{.id = "pnpm", .detect = detect};

}  // namespace medic::clients
