// A handshake finishes only with ciphers that no current client offers.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("security-level");
  if (cure == nullptr || cure->handshake == nullptr ||
      !cells_with(clues.matrix, "dh-key-too-small").empty() ||
      !cells_with(clues.matrix, "legacy-renegotiation-disabled").empty()) {
    return {};
  }
  return {match_from(clues, *cure)};
}

}  // namespace

extern constinit const Cause cause_weak_ciphers_only{.id = "weak-ciphers-only", .match = match};

}  // namespace medic::diagnose
