// The chain ends in a CA that this client's root programme removed or limited.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule(clues, "distrusted");
}

}  // namespace

extern constinit const Cause cause_distrusted_ca{.id = "distrusted-ca", .match = match};

}  // namespace medic::diagnose
