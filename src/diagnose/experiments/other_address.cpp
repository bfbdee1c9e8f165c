// Dial another address of the same name: where one answers well and one does not, the name is fine
// and one machine is not.

#include "diagnose/experiment.h"
#include "diagnose/transport.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

std::size_t failing(const Matrix& matrix, std::size_t endpoint) {
  std::size_t count = 0;
  for (const Cell& cell : matrix) {
    count += cell.endpoint == endpoint && cell.verdict != CellVerdict::Pass ? 1U : 0U;
  }
  return count;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (bench.endpoints().size() < 2) {
    return {};
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < bench.endpoints().size(); ++i) {
    if (failing(now, i) < failing(now, best)) {
      best = i;
    }
  }
  const Handshake* good = bench.endpoints()[best].main;
  if (good == nullptr || !std::holds_alternative<evidence::Completed>(good->outcome)) {
    return {};
  }
  std::vector<Observation> observations;
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    if (i == best || failing(now, i) == failing(now, best)) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.handshakes.assign(bench.endpoints().size(), nullptr);
    hypothesis.handshakes[i] = good;
    const Matrix after = bench.judge(hypothesis);
    if (auto seen = observe("other-address", now, after)) {
      seen->subject = bench.endpoints()[i].label;
      seen->facts["address"] = bench.endpoints()[i].label;
      seen->facts["suggestion"] = bench.endpoints()[best].label;
      seen->handshake = bench.endpoints()[i].main;
      observations.push_back(*std::move(seen));
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_other_address{
    .id = "other-address", .stage = Stage::Reach, .run = run};

}  // namespace medic::diagnose
