// Let the client accept the kind of key that the server's certificate has.

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

// A handshake set by hand is judged without the client's limits on keys.
Hypothesis any_key(const Bench& bench) {
  Hypothesis hypothesis = bench.base();
  hypothesis.handshakes.resize(bench.endpoints().size());
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    if (hypothesis.handshakes[i] == nullptr) {
      hypothesis.handshakes[i] = bench.endpoints()[i].main;
    }
  }
  return hypothesis;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  const std::vector<std::size_t> cells = cells_with(now, "no-shared-cipher");
  for (const std::size_t cell : cells) {
    for (const verify::Fault& fault : now[cell].faults) {
      if (fault.id != "no-shared-cipher" || fault.certificate != verify::Place::Leaf) {
        continue;
      }
      if (auto seen = observe("certificate-key-allowed", now, bench.judge(any_key(bench)))) {
        for (const auto& [name, value] : fault.facts) {
          seen->facts[name] = value;
        }
        seen->subject = seen->facts["algorithm"];
        return {*std::move(seen)};
      }
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_certificate_key_allowed{
    .id = "certificate-key-allowed", .stage = Stage::Reach, .run = run};

}  // namespace medic::diagnose
