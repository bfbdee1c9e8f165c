// A CA of the path is not allowed to issue for this name.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule(clues, "name-constraints");
}

}  // namespace

extern constinit const Cause cause_name_constraints{.id = "name-constraints", .match = match};

}  // namespace medic::diagnose
