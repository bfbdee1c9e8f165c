// The list that the certificate names is not there, not a list, or out of date.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* seen = clues.observed("demand-revocation");
  if (seen == nullptr || clues.observed("check-revocation") != nullptr) {
    return {};
  }
  Match found = match_from(clues, *seen);
  // None of the profiles demands a list by default; those who do are named in the text.
  found.severity = Severity::Warning;
  found.facts["issuer"] = seen->facts.at("issuer");
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_crl_unavailable_or_expired{.id = "crl-unavailable-or-expired",
                                                              .match = match};

}  // namespace medic::diagnose
