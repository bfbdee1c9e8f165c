// A CA certificate whose basicConstraints is not critical (RFC 5280 section 4.2.1.9).

#include "diagnose/strict.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_strict(clues, "basic-constraints-not-critical");
}

}  // namespace

extern constinit const Cause cause_basic_constraints_not_critical{
    .id = "basic-constraints-not-critical", .match = match};

}  // namespace medic::diagnose
