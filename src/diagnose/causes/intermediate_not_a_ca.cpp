// A certificate that is no CA stands where an issuer must be.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule(clues, "not-a-ca");
}

}  // namespace

extern constinit const Cause cause_intermediate_not_a_ca{.id = "intermediate-not-a-ca",
                                                         .match = match};

}  // namespace medic::diagnose
