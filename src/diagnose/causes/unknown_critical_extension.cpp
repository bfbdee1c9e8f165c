// A certificate demands to be understood in a way that no client of this kind does.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule(clues, "unknown-critical-extension");
}

}  // namespace

extern constinit const Cause cause_unknown_critical_extension{.id = "unknown-critical-extension",
                                                              .match = match};

}  // namespace medic::diagnose
