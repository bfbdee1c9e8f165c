// A certificate of the chain breaks the encoding rules.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> found = match_rule(clues, "malformed-cert");
  for (Match& m : found) {
    m.facts.emplace("reason", m.facts["rule"]);
  }
  return found;
}

}  // namespace

extern constinit const Cause cause_malformed_certificate{.id = "malformed-certificate",
                                                         .match = match};

}  // namespace medic::diagnose
