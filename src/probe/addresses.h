#pragma once

// Where a name leads: a number is itself, --resolve comes before the resolver, and the resolver is
// asked once for each name.

#include <atomic>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "evidence/world.h"
#include "probe/resolver.h"
#include "target/overrides.h"

namespace medic::probe {

struct AddressRules {
  std::vector<target::ResolveOverride> resolve;
  Lookup lookup = system_lookup;  // names that no override knows
  LookupLimits limits{};
};

class Addresses {
 public:
  explicit Addresses(AddressRules rules) : rules_(std::move(rules)) {}

  // Of `host` for a connection to `port`. A failure is not kept: the next question asks again.
  evidence::Resolution of(const std::string& host, std::uint16_t port,
                          evidence::AddressFamily family);

 private:
  AddressRules rules_;
  std::map<std::pair<std::string, evidence::AddressFamily>, evidence::Resolution> resolved_;
};

}  // namespace medic::probe
