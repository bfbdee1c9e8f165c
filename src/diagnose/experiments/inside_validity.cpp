// Move the clock to an instant at which every certificate of the path is valid, and to the server's
// own Date.

#include <fmt/core.h>

#include <algorithm>

#include "diagnose/experiment.h"
#include "diagnose/path_end.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"expired", "not-yet-valid"};
// Clocks this close are the same clock: HTTP dates are whole seconds and answers travel.
constexpr std::chrono::minutes kSameClock{5};

std::optional<Time> server_date(const Bench& bench) {
  for (const evidence::Handshake* handshake : bench.all_observed()) {
    if (handshake->http && handshake->http->date) {
      return handshake->http->date;
    }
  }
  return std::nullopt;
}

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

const verify::Fault* blamed(const Matrix& now) {
  for (const std::string_view id : kAbout) {
    if (const verify::Fault* fault = first_fault(now, id)) {
      return fault;
    }
  }
  return nullptr;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  const verify::Fault* fault = blamed(now);
  if (fault == nullptr) {
    return {};
  }
  std::vector<Observation> observations;
  const auto try_instant = [&](std::string_view id, Time at) {
    Hypothesis hypothesis = bench.base();
    hypothesis.at = at;
    if (auto seen = observe(id, now, bench.judge(hypothesis), kAbout)) {
      seen->subject = fault->subject;
      seen->facts["server_date"] = iso_date(at);
      observations.push_back(*std::move(seen));
      return true;
    }
    return false;
  };
  if (const auto date = server_date(bench);
      date && std::chrono::abs(*date - bench.now()) > kSameClock) {
    try_instant("server-clock", *date);
  }
  std::vector<Time> instants;
  for (const evidence::Handshake* handshake : bench.all_observed()) {
    const auto order = issuing_order(bench.chain(*handshake), bench.base().issuers);
    // The root's own dates do not matter where it is expired in the store already.
    for (std::size_t length = order.size(); length > 0; --length) {
      if (const auto at = common_instant(
              {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(length)})) {
        instants.push_back(*at);
        break;
      }
    }
  }
  // Of an anchor in a store only the fault's own dates are at hand.
  for (const Cell& cell : now) {
    for (const verify::Fault& f : cell.faults) {
      for (const auto& [name, value] : f.facts) {
        if ((f.id == "expired" && name == "not_after") ||
            (f.id == "not-yet-valid" && name == "not_before")) {
          if (const auto at = parse_time(value)) {
            instants.push_back(
                *at - (f.id == "expired" ? std::chrono::hours{24} : std::chrono::hours{-24}));
          }
        }
      }
    }
  }
  std::ranges::sort(instants);
  const auto duplicates = std::ranges::unique(instants);
  instants.erase(duplicates.begin(), duplicates.end());
  for (const Time at : instants) {
    if (try_instant("inside-validity", at)) {
      break;
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_inside_validity{
    .id = "inside-validity", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
