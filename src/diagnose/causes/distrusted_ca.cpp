// The chain ends in a root that root programmes removed, or whose newer certificates they refuse.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* seen = clues.observed("distrust-applied");
  if (seen == nullptr) {
    return {};
  }
  Match found = match_from(clues, *seen);
  if (found.explains.empty()) {
    found.severity = Severity::Warning;  // none of the profiles knows the date
  } else {
    found.facts["clients"] = client_families(clues.matrix, found.explains);
  }
  found.instead_of = {"private-ca-not-trusted", "tls-interception", "interception-untrusted",
                      "stale-ca-bundle", "trust-store-not-consulted"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_distrusted_ca{.id = "distrusted-ca", .match = match};

}  // namespace medic::diagnose
