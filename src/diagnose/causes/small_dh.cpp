// The server's Diffie-Hellman group is too small for this client's policy.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("security-level");
  if (cure == nullptr || cells_with(clues.matrix, "dh-key-too-small").empty()) {
    return {};
  }
  return {match_from(clues, *cure)};
}

}  // namespace

extern constinit const Cause cause_small_dh{.id = "small-dh", .match = match};

}  // namespace medic::diagnose
