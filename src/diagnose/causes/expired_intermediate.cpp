// An intermediate that the server sends is past its notAfter.

#include "diagnose/validity.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_validity(clues, "expired", verify::Place::Intermediate);
}

}  // namespace

extern constinit const Cause cause_expired_intermediate{.id = "expired-intermediate",
                                                        .match = match};

}  // namespace medic::diagnose
