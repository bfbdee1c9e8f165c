// The connection was not made at all: nothing of TLS was tried.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const std::vector<std::size_t> cells = cells_with(clues.matrix, "dns-or-tcp");
  if (cells.empty() || clues.observed("other-address") != nullptr) {
    return {};
  }
  Match found{.explains = cells, .party = catalogue::Party::Either, .facts = clues.common_facts()};
  found.facts["reason"] = "timeout";
  for (const Endpoint& endpoint : clues.bench.endpoints()) {
    if (endpoint.main != nullptr) {
      if (const auto* refused = std::get_if<evidence::NotConnected>(&endpoint.main->outcome)) {
        found.facts["reason"] =
            escaped(refused->detail.empty() ? refused->reason : refused->detail, 120);
        found.subject = endpoint.label;
      }
    }
  }
  if (const Observation* seen = clues.observed("connect")) {
    found.proof = {seen};
  }
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_not_tls{.id = "not-tls", .match = match};

}  // namespace medic::diagnose
