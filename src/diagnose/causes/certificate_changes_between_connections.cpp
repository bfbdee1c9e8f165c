// Two connections to one address got different certificates, and only one of them is good.

#include <fmt/core.h>

#include <set>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::size_t distinct_leaves(const Clues& clues) {
  std::set<Bytes> leaves;
  for (const evidence::Handshake* handshake : clues.bench.all_observed()) {
    if (!handshake->chain.empty()) {
      leaves.insert(handshake->chain.front());
    }
  }
  return leaves.size();
}

std::vector<Match> match(const Clues& clues) {
  const Observation* other = clues.observed("other-connection");
  if (other == nullptr) {
    return {};
  }
  Match found = match_from(clues, *other);
  found.severity = Severity::Error;
  found.facts["count"] = fmt::format("{}", distinct_leaves(clues));
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_certificate_changes_between_connections{
    .id = "certificate-changes-between-connections", .match = match};

}  // namespace medic::diagnose
