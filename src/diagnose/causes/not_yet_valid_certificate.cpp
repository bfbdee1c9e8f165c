// A certificate of the future, while this machine's clock agrees with the server's.

#include "diagnose/validity.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_validity(clues, "not-yet-valid", std::nullopt);
}

}  // namespace

extern constinit const Cause cause_not_yet_valid_certificate{.id = "not-yet-valid-certificate",
                                                             .match = match};

}  // namespace medic::diagnose
