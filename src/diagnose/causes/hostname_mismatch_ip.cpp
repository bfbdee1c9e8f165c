// An address was asked for and the certificate holds names only.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  if (!clues.bench.facts().target.is_address) {
    return {};
  }
  for (const std::string_view experiment : {"other-name", "name-not-checked"}) {
    if (const Observation* cure = clues.observed(experiment)) {
      Match found = match_from(clues, *cure);
      found.party = catalogue::Party::Client;
      return {std::move(found)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_hostname_mismatch_ip{.id = "hostname-mismatch-ip",
                                                        .match = match};

}  // namespace medic::diagnose
