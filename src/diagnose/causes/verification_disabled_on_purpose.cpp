// A setting of an installed client switches its verification off. An error when the client so
// accepts what it would refuse; else a warning, because it would accept an attacker as well.

#include "diagnose/client_rows.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> found;
  for (const Observation* seen : clues.all("verification-on")) {
    Match match = match_from(clues, *seen);
    const bool accepts_wrongly = seen->before == "pass" && seen->after != "pass";
    match.severity = accepts_wrongly ? Severity::Error : Severity::Warning;
    match.facts["clients"] = seen->facts.at("client");
    found.push_back(std::move(match));
  }
  return found;
}

}  // namespace

extern constinit const Cause cause_verification_disabled_on_purpose{
    .id = "verification-disabled-on-purpose", .match = match};

}  // namespace medic::diagnose
