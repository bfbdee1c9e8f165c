#pragma once

// Host names that tell something about a failure (data/explain/hosts.toml).

#include <string>
#include <vector>

#include "base/embedded.h"
#include "explain/signature.h"

namespace medic::explain {

struct KnownHosts {
  std::vector<std::string> large;   // millions of clients reach them
  std::vector<std::string> inside;  // only an inner network resolves them
  std::vector<std::string> pages;   // clients print them with an error
};

KnownHosts parse_hosts(const EmbeddedFile& file, Problems& problems);
const KnownHosts& known_hosts();

}  // namespace medic::explain
