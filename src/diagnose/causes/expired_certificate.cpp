// Whatever certificate of the path it is, its time is over; the finer causes say which one.

#include "diagnose/validity.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_validity(clues, "expired", std::nullopt);
}

}  // namespace

extern constinit const Cause cause_expired_certificate{.id = "expired-certificate", .match = match};

}  // namespace medic::diagnose
