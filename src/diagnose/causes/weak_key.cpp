// A key of the chain is smaller than this client accepts.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule(clues, "weak-key");
}

}  // namespace

extern constinit const Cause cause_weak_key{.id = "weak-key", .match = match};

}  // namespace medic::diagnose
