// Speak plain HTTP to a proxy that was given as https://.

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

// The command line registers, beside every https:// proxy, the same one as http:// under this id.
std::string plain_id(const std::string& id) {
  return id + "-plain";
}

std::vector<evidence::ProbeSpec> plain_specs(Bench& bench) {
  const evidence::Asked& asked = bench.facts().asked;
  if (asked.proxy.empty() || bench.endpoints().empty() ||
      bench.endpoints().front().main == nullptr ||
      std::holds_alternative<evidence::Completed>(bench.endpoints().front().main->outcome)) {
    return {};
  }
  for (const evidence::ProxyFacts& proxy : bench.facts().proxies) {
    if (proxy.id == plain_id(asked.proxy)) {
      evidence::ProbeSpec spec = bench.main_spec(bench.endpoints().front().address);
      spec.proxy = proxy.id;
      return {spec};
    }
  }
  return {};
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  return plain_specs(bench);
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  for (const evidence::ProbeSpec& spec : plain_specs(bench)) {
    const Handshake* answer = bench.observed(spec);
    if (answer == nullptr || !std::holds_alternative<evidence::Completed>(answer->outcome)) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.handshakes.assign(bench.endpoints().size(), answer);
    if (auto seen = observe("plain-proxy", now, bench.judge(hypothesis))) {
      seen->handshake = answer;
      for (const evidence::ProxyFacts& proxy : bench.facts().proxies) {
        if (proxy.id == spec.proxy) {
          seen->subject = proxy.url;
          seen->facts["suggestion"] = proxy.url;
        } else if (proxy.id == bench.facts().asked.proxy) {
          seen->facts["proxy"] = proxy.url;
        }
      }
      bench.extend_base(std::move(hypothesis));
      return {*std::move(seen)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_plain_proxy{
    .id = "plain-proxy", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
