// The store holds a CA of the right name whose key did not sign this: it was replaced.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* seen = clues.observed("same-name-anchor");
  if (seen == nullptr) {
    return {};
  }
  Match found = match_from(clues, *seen);
  found.facts["issuer"] = seen->subject;
  found.party = catalogue::Party::Client;
  found.instead_of = {"private-ca-not-trusted", "server-cert-misissued", "missing-intermediate"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_same_name_new_key_ca{.id = "same-name-new-key-ca",
                                                        .match = match};

}  // namespace medic::diagnose
