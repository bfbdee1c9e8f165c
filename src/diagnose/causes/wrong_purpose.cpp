// The certificate may not be used for this purpose.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule(clues, "wrong-eku");
}

}  // namespace

extern constinit const Cause cause_wrong_purpose{.id = "wrong-purpose", .match = match};

}  // namespace medic::diagnose
