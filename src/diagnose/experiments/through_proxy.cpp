// Go through the proxy of the environment that was not used (no_proxy, --proxy none): some networks
// let nothing else out.

#include <utility>
#include <variant>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

// The proxy that the command line found in the environment and did not use has this id.
constexpr std::string_view kUnused = "unused";

bool cut_off(const evidence::Outcome& outcome) {
  if (const auto* late = std::get_if<evidence::TimedOut>(&outcome)) {
    return late->phase != evidence::Phase::AfterHandshake;
  }
  return std::holds_alternative<evidence::NotConnected>(outcome) ||
         std::holds_alternative<evidence::Closed>(outcome);
}

const evidence::ProxyFacts* unused_proxy(const Bench& bench) {
  if (!bench.facts().asked.proxy.empty() || bench.endpoints().empty() ||
      bench.endpoints().front().main == nullptr ||
      !cut_off(bench.endpoints().front().main->outcome)) {
    return nullptr;
  }
  for (const evidence::ProxyFacts& proxy : bench.facts().proxies) {
    if (proxy.id == kUnused) {
      return &proxy;
    }
  }
  return nullptr;
}

// Behind a proxy it is the proxy that resolves the name.
evidence::ProbeSpec through(const Bench& bench) {
  evidence::ProbeSpec spec = bench.main_spec(bench.facts().target.host);
  spec.proxy = std::string(kUnused);
  return spec;
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  return unused_proxy(bench) != nullptr ? std::vector{through(bench)}
                                        : std::vector<evidence::ProbeSpec>{};
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  const evidence::ProxyFacts* proxy = unused_proxy(bench);
  const evidence::Handshake* answer = proxy != nullptr ? bench.observed(through(bench)) : nullptr;
  if (answer == nullptr || !std::holds_alternative<evidence::Completed>(answer->outcome)) {
    return {};
  }
  Hypothesis hypothesis = bench.base();
  hypothesis.handshakes.assign(bench.endpoints().size(), answer);
  auto seen = observe("through-proxy", now, bench.judge(hypothesis));
  if (!seen) {
    return {};
  }
  seen->handshake = answer;
  seen->subject = proxy->url;
  seen->facts["proxy"] = proxy->url;
  seen->facts["reason"] = proxy->source;
  if (bench.base().handshakes.empty()) {
    bench.extend_base(std::move(hypothesis));
  }
  return {*std::move(seen)};
}

}  // namespace

extern constinit const Experiment experiment_through_proxy{
    .id = "through-proxy", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
