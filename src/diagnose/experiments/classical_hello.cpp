// Send a small ClientHello instead of one with a post-quantum key share: some boxes on the path
// cannot take a hello of more than one segment.

#include <fmt/core.h>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

bool completed(const Handshake* h) {
  return h != nullptr && std::holds_alternative<evidence::Completed>(h->outcome);
}

evidence::ProbeSpec large_spec(const Bench& bench, const Endpoint& endpoint) {
  evidence::ProbeSpec spec = bench.main_spec(endpoint.address);
  spec.http = false;
  spec.hello = evidence::HelloSize::PostQuantum;
  return spec;
}

const Handshake* failed_large(const Bench& bench) {
  if (bench.endpoints().empty() || !completed(bench.endpoints().front().main)) {
    return nullptr;
  }
  const Handshake* large = bench.observed(large_spec(bench, bench.endpoints().front()));
  return large != nullptr && !completed(large) ? large : nullptr;
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  if (failed_large(bench) == nullptr) {
    return {};
  }
  // Once more, so that a connection lost by chance is not blamed on the size.
  evidence::ProbeSpec again = large_spec(bench, bench.endpoints().front());
  again.repeat = 1;
  return {again};
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  const Handshake* large = failed_large(bench);
  if (large == nullptr) {
    return {};
  }
  evidence::ProbeSpec again = large->spec;
  again.repeat = 1;
  const Handshake* second = bench.observed(again);
  if (second == nullptr || completed(second)) {
    return {};
  }
  Hypothesis hypothesis = bench.base();
  hypothesis.handshakes.assign(bench.endpoints().size(), nullptr);
  hypothesis.handshakes[0] = bench.endpoints().front().main;
  auto seen = observe("classical-hello", now, bench.judge(hypothesis));
  if (!seen) {
    return {};
  }
  seen->handshake = large;
  seen->subject = fmt::format("{}", large->client_hello_bytes);
  seen->facts["bytes"] = seen->subject;
  return {*std::move(seen)};
}

}  // namespace

extern constinit const Experiment experiment_classical_hello{
    .id = "classical-hello", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
