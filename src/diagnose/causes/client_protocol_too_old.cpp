// The server speaks nothing older than TLS 1.3; only clients that stop at 1.2 fail.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("version-ceiling");
  if (cure == nullptr || cure->subject != "1.3") {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.party = catalogue::Party::Client;
  found.facts["versions"] = found.facts["version"];
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_client_protocol_too_old{.id = "client-protocol-too-old",
                                                           .match = match};

}  // namespace medic::diagnose
