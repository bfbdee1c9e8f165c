// The server lacks RFC 5746; OpenSSL 3 refuses to talk to it, other libraries do not.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("security-level");
  if (cure == nullptr || cells_with(clues.matrix, "legacy-renegotiation-disabled").empty()) {
    return {};
  }
  return {match_from(clues, *cure)};
}

}  // namespace

extern constinit const Cause cause_legacy_renegotiation{.id = "legacy-renegotiation",
                                                        .match = match};

}  // namespace medic::diagnose
