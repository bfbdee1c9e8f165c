// A handshake finishes only below the security level of current clients.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

bool classic_dh(const evidence::Handshake& h) {
  return h.group.starts_with("ffdhe") || h.group == "dh";
}

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("security-level");
  if (cure == nullptr || cure->handshake == nullptr || classic_dh(*cure->handshake) ||
      !cells_with(clues.matrix, "legacy-renegotiation-disabled").empty()) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.party = catalogue::Party::Server;
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_no_shared_cipher{.id = "no-shared-cipher", .match = match};

}  // namespace medic::diagnose
