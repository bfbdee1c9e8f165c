// A CA of the path allows fewer issuers below it than there are.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule(clues, "path-length");
}

}  // namespace

extern constinit const Cause cause_path_length_exceeded{.id = "path-length-exceeded",
                                                        .match = match};

}  // namespace medic::diagnose
