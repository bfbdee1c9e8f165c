// The certificate is for other names; the finer causes say in which way.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  for (const std::string_view experiment : {"other-name", "name-not-checked"}) {
    if (const Observation* cure = clues.observed(experiment)) {
      Match found = match_from(clues, *cure);
      found.party = catalogue::Party::Server;
      return {std::move(found)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_hostname_mismatch{.id = "hostname-mismatch", .match = match};

}  // namespace medic::diagnose
