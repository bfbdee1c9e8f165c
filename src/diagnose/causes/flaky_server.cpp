// The same question fails once and is answered the next time.

#include <fmt/core.h>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* again = clues.observed("repeat");
  if (again == nullptr) {
    return {};
  }
  std::size_t failed = 0;
  for (const evidence::Handshake* handshake : clues.bench.all_observed()) {
    failed += std::holds_alternative<evidence::Completed>(handshake->outcome) ? 0U : 1U;
  }
  Match found = match_from(clues, *again);
  found.severity = Severity::Error;
  found.facts["count"] = fmt::format("{}/{}", failed, clues.bench.all_observed().size());
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_flaky_server{.id = "flaky-server", .match = match};

}  // namespace medic::diagnose
