#pragma once

// What Node.js trusts, for itself and for the programs that run in it. Internal to clients/.

#include <optional>
#include <string>
#include <string_view>

#include "clients/rules.h"

namespace medic::clients {

struct NodeRuntime {
  std::string path;
  std::string version;  // "20.20.2"; empty: not known
};

NodeRuntime node_runtime_at(const machine::Machine& machine, const std::string& path);
// The one that `#!/usr/bin/env node` would start; none: no Node.js on PATH.
std::optional<NodeRuntime> node_runtime(const machine::Machine& machine);
std::string node_profile(const NodeRuntime& node);

// Node.js's own list, or OpenSSL's or the system's where an option says so, and
// NODE_EXTRA_CA_CERTS. When something replaced all of these (the `ca` of a request), nothing of
// them is read.
void add_node_trust(Survey& survey, const NodeRuntime& node, RuleList& rules);

// NODE_TLS_REJECT_UNAUTHORIZED=0 counts unless a program says otherwise itself.
void check_node_rejects(const machine::Machine& machine, Client& client);

// The "version" of the package.json that belongs to a program of a package: found by going up from
// where its links lead; empty: none.
std::string package_json_version(const machine::Machine& machine, std::string_view program);

}  // namespace medic::clients
