// An expired root of a store is the only end of the path.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("other-store");
  if (cure == nullptr || cure->before.find("expired") == std::string::npos) {
    return {};
  }
  Match found = match_from(clues, *cure);
  for (const std::size_t cell : cure->relieved) {
    for (const verify::Fault& fault : clues.matrix[cell].faults) {
      if (fault.id == "expired") {
        for (const auto& [name, value] : fault_facts(fault)) {
          found.facts.insert_or_assign(name, value);
        }
        found.party = catalogue::Party::Client;
        return {std::move(found)};
      }
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_expired_root_or_cross_sign{.id = "expired-root-or-cross-sign",
                                                              .match = match};

}  // namespace medic::diagnose
