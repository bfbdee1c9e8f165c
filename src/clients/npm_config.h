#pragma once

// npm's configuration, which pnpm and Yarn 1 read too: files of npmrc syntax and variables
// npm_config_*, from the weakest to the strongest. Internal to clients/.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/rules.h"

namespace medic::clients {

struct NpmSetting {
  std::string key;  // "cafile", "ca", "strict-ssl"
  Setting setting;
};

struct NpmConfig {
  std::vector<NpmSetting> settings;  // of two with one key the later counts

  [[nodiscard]] std::optional<Setting> find(std::string_view key) const;
};

// The files that npm started with this Node.js reads: its builtin one beside `package` (a
// directory; empty: none), the global one below the prefix, the user's. What a project says depends
// on where npm is started, so it is left out.
std::vector<std::string> npmrc_files(const machine::Machine& machine, const std::string& package,
                                     std::string_view node);
// Variables are those with this prefix, in any case ("npm_config_").
NpmConfig npm_config(const machine::Machine& machine, const std::vector<std::string>& files,
                     std::string_view prefix, SettingsReader reader);

// npm takes whichever of the two it meets last, pnpm and Yarn 1 any `cafile` before any `ca`.
enum class CaOrder { LastCounts, FileFirst };

// The rules `cafile` and `ca`, strongest first: both replace every root of Node.js and
// NODE_EXTRA_CA_CERTS. A file that is absent is passed over.
void add_npm_trust(const NpmConfig& config, CaOrder order, RuleList& rules);
// strict-ssl=false.
void check_npm_strict(const NpmConfig& config, Client& client);

}  // namespace medic::clients
