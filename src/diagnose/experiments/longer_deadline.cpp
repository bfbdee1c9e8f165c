// Wait three times as long for a server that did begin to answer.

#include <fmt/core.h>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

evidence::ProbeSpec patient(evidence::ProbeSpec spec) {
  spec.deadline_ms *= 3;
  return spec;
}

// Silence is not slowness: without a first byte there is nothing to wait for.
bool began_to_answer(const Endpoint& endpoint) {
  if (endpoint.main == nullptr || endpoint.main->bytes_received == 0) {
    return false;
  }
  const auto* late = std::get_if<evidence::TimedOut>(&endpoint.main->outcome);
  return late != nullptr && late->phase != evidence::Phase::Connect;
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  std::vector<evidence::ProbeSpec> specs;
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (began_to_answer(endpoint)) {
      specs.push_back(patient(endpoint.main->spec));
    }
  }
  return specs;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  std::vector<Observation> observations;
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    if (!began_to_answer(bench.endpoints()[i])) {
      continue;
    }
    const Handshake* answer = bench.observed(patient(bench.endpoints()[i].main->spec));
    if (answer == nullptr || !std::holds_alternative<evidence::Completed>(answer->outcome)) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.handshakes.resize(bench.endpoints().size());
    hypothesis.handshakes[i] = answer;
    if (auto seen = observe("longer-deadline", now, bench.judge(hypothesis))) {
      seen->handshake = answer;
      seen->facts["seconds"] =
          fmt::format("{}", std::chrono::ceil<std::chrono::seconds>(answer->total).count());
      bench.extend_base(std::move(hypothesis));
      observations.push_back(*std::move(seen));
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_longer_deadline{
    .id = "longer-deadline", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
