// Go around the proxy, or through it: what changes is the proxy's doing.

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

bool anything_fails(const Matrix& now) {
  for (const Cell& cell : now) {
    if (cell.verdict == CellVerdict::Fail) {
      return true;
    }
  }
  return false;
}

// The same question without the proxy, to the first address the name has here.
std::vector<evidence::ProbeSpec> direct_specs(Bench& bench) {
  const evidence::Asked& asked = bench.facts().asked;
  if (asked.proxy.empty()) {
    return {};
  }
  const evidence::TargetFacts& target = bench.facts().target;
  std::string address = target.is_address ? target.host : std::string();
  if (address.empty() && !asked.addresses.empty()) {
    address = asked.addresses.front();
  }
  if (address.empty()) {
    const evidence::Resolution found = bench.world().resolve(target.host, asked.family);
    address = found.addresses.empty() ? std::string() : found.addresses.front();
  }
  if (address.empty()) {
    return {};
  }
  evidence::ProbeSpec spec = bench.main_spec(address);
  spec.proxy.clear();
  return {spec};
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& now) {
  return anything_fails(now) ? direct_specs(bench) : std::vector<evidence::ProbeSpec>{};
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (!anything_fails(now)) {
    return {};
  }
  for (const evidence::ProbeSpec& spec : direct_specs(bench)) {
    const Handshake* answer = bench.observed(spec);
    if (answer == nullptr || !std::holds_alternative<evidence::Completed>(answer->outcome)) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.handshakes.assign(bench.endpoints().size(), answer);
    if (auto seen = observe("around-proxy", now, bench.judge(hypothesis))) {
      seen->handshake = answer;
      for (const evidence::ProxyFacts& proxy : bench.facts().proxies) {
        if (proxy.id == bench.facts().asked.proxy) {
          seen->subject = proxy.url;
          seen->facts["proxy"] = proxy.url;
        }
      }
      return {*std::move(seen)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_around_proxy{
    .id = "around-proxy", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
