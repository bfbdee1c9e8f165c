// The server speaks TLS 1.3 only; clients that stop at 1.2 are left out.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("version-ceiling");
  if (cure == nullptr || cure->subject != "1.3") {
    return {};
  }
  return {match_from(clues, *cure)};
}

}  // namespace

extern constinit const Cause cause_server_only_tls13{.id = "server-only-tls13", .match = match};

}  // namespace medic::diagnose
