// The same, and the certificate also says that it is a CA, which rustls refuses even when trusted.

#include <algorithm>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("trust-leaf");
  if (cure == nullptr || cure->certificates.empty()) {
    return {};
  }
  const auto& constraints = cure->certificates.front()->basic_constraints;
  if (!constraints || !constraints->ca) {
    return {};
  }
  Match found = match_from(clues, *cure);
  for (const std::size_t cell : cells_with(clues.matrix, "ca-as-leaf")) {
    if (std::ranges::find(found.explains, cell) == found.explains.end()) {
      found.explains.push_back(cell);
    }
  }
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_self_signed_ca_as_leaf{.id = "self-signed-ca-as-leaf",
                                                          .match = match};

}  // namespace medic::diagnose
