// The port speaks another protocol first, and TLS starts well once asked for inside it.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("starttls");
  if (cure == nullptr) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.party = catalogue::Party::Client;
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_starttls_needed{.id = "starttls-needed", .match = match};

}  // namespace medic::diagnose
