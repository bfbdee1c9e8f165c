// Nobody but itself vouches for the server's certificate: trusting exactly it is what cures.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("trust-leaf");
  return cure != nullptr ? std::vector{match_from(clues, *cure)} : std::vector<Match>{};
}

}  // namespace

extern constinit const Cause cause_self_signed_server{.id = "self-signed-server", .match = match};

}  // namespace medic::diagnose
