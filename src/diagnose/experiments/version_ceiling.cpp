// Allow TLS 1.3: clients that stop at 1.2 fail against a server that speaks nothing older, and the
// other way round a server may stumble over a 1.3 hello.

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

bool completed(const Handshake* h) {
  return h != nullptr && std::holds_alternative<evidence::Completed>(h->outcome);
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (bench.endpoints().empty()) {
    return {};
  }
  const Endpoint& endpoint = bench.endpoints().front();
  evidence::ProbeSpec spec = bench.main_spec(endpoint.address);
  spec.http = false;
  spec.max_version = evidence::TlsVersion::Tls12;
  const Handshake* tls12 = bench.observed(spec);
  if (tls12 == nullptr || completed(tls12) == completed(endpoint.main)) {
    return {};
  }
  const bool only_new = completed(endpoint.main);
  Hypothesis hypothesis = bench.base();
  hypothesis.handshakes.assign(bench.endpoints().size(), nullptr);
  hypothesis.handshakes[0] = only_new ? endpoint.main : tls12;
  auto seen = observe("version-ceiling", now, bench.judge(hypothesis));
  if (!seen) {
    return {};
  }
  seen->handshake = hypothesis.handshakes[0];
  seen->subject = only_new ? "1.3" : "1.2";
  seen->facts["version"] = only_new ? "TLS 1.3" : "TLS 1.2";
  if (!only_new) {
    bench.extend_base(std::move(hypothesis));
  }
  return {*std::move(seen)};
}

}  // namespace

extern constinit const Experiment experiment_version_ceiling{
    .id = "version-ceiling", .stage = Stage::Reach, .run = run};

}  // namespace medic::diagnose
