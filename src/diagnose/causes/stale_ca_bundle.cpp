// The roots compiled into this program lead there; the store this client reads does not hold them
// yet.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  for (const Observation* other : clues.all("other-store")) {
    if (other->subject == "mozilla") {
      return {match_from(clues, *other)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_stale_ca_bundle{.id = "stale-ca-bundle", .match = match};

}  // namespace medic::diagnose
