// Move the clock to an instant at which every certificate of the path is valid.

#include <algorithm>
#include <chrono>

#include "diagnose/instants.h"
#include "diagnose/path_end.h"

namespace medic::diagnose {
namespace {

// The latest instant at which all of these are valid at once; none when there is no such instant.
std::optional<Time> common_instant(const std::vector<x509::CertificatePtr>& path) {
  if (path.empty()) {
    return std::nullopt;
  }
  Time from = path.front()->not_before;
  Time until = path.front()->not_after;
  for (const x509::CertificatePtr& certificate : path) {
    from = std::max(from, certificate->not_before);
    until = std::min(until, certificate->not_after);
  }
  return from <= until ? std::optional(until) : std::nullopt;
}

// Of the paths that were sent.
void add_common_instants(Bench& bench, std::vector<Time>& instants) {
  for (const evidence::Handshake* handshake : bench.all_observed()) {
    const auto order = issuing_order(bench.chain(*handshake), bench.base().issuers);
    // The root's own dates do not matter where it is expired in the store already.
    for (std::size_t length = order.size(); length > 0; --length) {
      const auto at =
          common_instant({order.begin(), order.begin() + static_cast<std::ptrdiff_t>(length)});
      if (at) {
        instants.push_back(*at);
        break;
      }
    }
  }
}

// Of an anchor in a store only the fault's own dates are at hand.
void add_fault_instants(const Matrix& now, std::vector<Time>& instants) {
  for (const Cell& cell : now) {
    for (const verify::Fault& fault : cell.faults) {
      for (const auto& [name, value] : fault.facts) {
        const bool end = fault.id == "expired" && name == "not_after";
        const bool begin = fault.id == "not-yet-valid" && name == "not_before";
        if (!end && !begin) {
          continue;
        }
        if (const auto at = parse_time(value)) {
          instants.push_back(*at - std::chrono::hours{end ? 24 : -24});
        }
      }
    }
  }
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (validity_fault(now) == nullptr) {
    return {};
  }
  std::vector<Time> instants;
  add_common_instants(bench, instants);
  add_fault_instants(now, instants);
  std::ranges::sort(instants);
  const auto duplicates = std::ranges::unique(instants);
  instants.erase(duplicates.begin(), duplicates.end());
  for (const Time at : instants) {
    if (const auto seen = observe_at(bench, now, "inside-validity", at)) {
      return {*seen};
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_inside_validity{
    .id = "inside-validity", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
