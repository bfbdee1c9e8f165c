// A handshake finishes only when versions are allowed that current clients refuse.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("version-floor");
  if (cure == nullptr) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.facts["versions"] = found.facts["version"];
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_server_protocol_too_old{.id = "server-protocol-too-old",
                                                           .match = match};

}  // namespace medic::diagnose
