// By the server's clock the same certificates are valid: this machine's clock is the odd one out.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("server-clock");
  if (cure == nullptr) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.instead_of = {"expired-certificate", "expired-leaf", "expired-intermediate",
                      "not-yet-valid-certificate"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_clock_skew{.id = "clock-skew", .match = match};

}  // namespace medic::diagnose
