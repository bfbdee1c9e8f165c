// Ask exactly the same question again: what does not fail twice is not a rule.

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;
using evidence::ProbeSpec;

bool completed(const Handshake* h) {
  return h != nullptr && std::holds_alternative<evidence::Completed>(h->outcome);
}

// Outcomes that may be an accident. An alert or a certificate is the same every time.
bool may_be_chance(const Handshake& h) {
  if (const auto* closed = std::get_if<evidence::Closed>(&h.outcome)) {
    return closed->phase != evidence::Phase::StartTls;
  }
  if (const auto* refused = std::get_if<evidence::NotConnected>(&h.outcome)) {
    return refused->reason == "refused" || refused->reason == "timeout";
  }
  if (const auto* alert = std::get_if<evidence::AlertReceived>(&h.outcome)) {
    return alert->code == 80;
  }
  return false;
}

std::vector<const Handshake*> failed_by_chance(const Bench& bench) {
  std::vector<const Handshake*> failed;
  for (const Handshake* h : bench.all_observed()) {
    if (h->spec.repeat == 0 && may_be_chance(*h) && h->spec.sni == bench.main_spec("").sni &&
        h->spec.offer == evidence::Offer::Mainstream) {
      failed.push_back(h);
    }
  }
  return failed;
}

std::vector<ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  const std::vector<const Handshake*> failed = failed_by_chance(bench);
  if (failed.empty()) {
    return {};
  }
  ProbeSpec again = failed.front()->spec;
  again.repeat = 1;
  return {again};
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  for (const Handshake* first : failed_by_chance(bench)) {
    ProbeSpec spec = first->spec;
    spec.repeat = 1;
    const Handshake* second = bench.observed(spec);
    if (!completed(second)) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.handshakes.assign(bench.endpoints().size(), nullptr);
    for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
      if (bench.endpoints()[i].address == spec.address) {
        hypothesis.handshakes[i] = second;
      }
    }
    if (auto seen = observe("repeat", now, bench.judge(hypothesis))) {
      seen->handshake = second;
      bench.extend_base(std::move(hypothesis));
      return {*std::move(seen)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_repeat{
    .id = "repeat", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
