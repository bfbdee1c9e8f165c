// The certificate promises a stapled OCSP answer and the server sends none (RFC 7633).

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_rule_detail(clues, "profile-violation", "must-staple");
}

}  // namespace

extern constinit const Cause cause_must_staple_missing{.id = "must-staple-missing", .match = match};

}  // namespace medic::diagnose
