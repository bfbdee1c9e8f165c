// One address of the name answers well and another does not.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> matches;
  for (const Observation* other : clues.all("other-address")) {
    matches.push_back(match_from(clues, *other));
  }
  return matches;
}

}  // namespace

extern constinit const Cause cause_one_address_broken{.id = "one-address-broken", .match = match};

}  // namespace medic::diagnose
