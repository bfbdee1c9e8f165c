// The server's own certificate is past its notAfter: at an instant inside it the verdict flips.

#include "diagnose/validity.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_validity(clues, "expired", verify::Place::Leaf);
}

}  // namespace

extern constinit const Cause cause_expired_leaf{.id = "expired-leaf", .match = match};

}  // namespace medic::diagnose
