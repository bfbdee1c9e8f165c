// The chain is signed with a hash that this client no longer accepts.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule(clues, "weak-signature");
}

}  // namespace

extern constinit const Cause cause_weak_signature{.id = "weak-signature", .match = match};

}  // namespace medic::diagnose
