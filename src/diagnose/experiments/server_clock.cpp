// Move the clock to the server's own Date: what is cured then was wrong by this machine's clock
// only.

#include <chrono>

#include "diagnose/instants.h"

namespace medic::diagnose {
namespace {

// Clocks this close are the same clock: HTTP dates are whole seconds and answers travel.
constexpr std::chrono::minutes kSameClock{5};

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  for (const evidence::Handshake* handshake : bench.all_observed()) {
    if (!handshake->http || !handshake->http->date) {
      continue;
    }
    const Time date = *handshake->http->date;
    if (std::chrono::abs(date - bench.now()) <= kSameClock) {
      return {};
    }
    const auto seen = observe_at(bench, now, "server-clock", date);
    return seen ? std::vector{*seen} : std::vector<Observation>{};
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_server_clock{
    .id = "server-clock", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
