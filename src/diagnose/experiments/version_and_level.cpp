// Ask with every version and cipher: if that finishes, the change that mattered is the version
// floor (the server only speaks old versions) or the security level (its parameters are below it).

#include <fmt/core.h>

#include "diagnose/experiment.h"
#include "diagnose/transport.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;
using evidence::ProbeSpec;

ProbeSpec wide_spec(const Bench& bench, const Endpoint& endpoint) {
  ProbeSpec spec = bench.main_spec(endpoint.address);
  spec.offer = evidence::Offer::Everything;
  spec.min_version = evidence::TlsVersion::Tls10;
  spec.http = false;
  return spec;
}

// Refusals that a wider offer may cure. A close or a reset may be an old server's way to refuse.
bool worth_asking(const Endpoint& endpoint) {
  if (endpoint.main == nullptr) {
    return false;
  }
  const evidence::Outcome& outcome = endpoint.main->outcome;
  if (const auto* alert = std::get_if<evidence::AlertReceived>(&outcome)) {
    return alert->phase == evidence::Phase::Handshake && alert->code != 112 &&
           !endpoint.main->client_certificate_requested;
  }
  if (const auto* closed = std::get_if<evidence::Closed>(&outcome)) {
    return closed->phase == evidence::Phase::Handshake;
  }
  return std::holds_alternative<evidence::RefusedByUs>(outcome);
}

std::vector<ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  std::vector<ProbeSpec> specs;
  for (const Endpoint& endpoint : bench.endpoints()) {
    if (worth_asking(endpoint)) {
      specs.push_back(wide_spec(bench, endpoint));
    }
  }
  return specs;
}

void add_handshake_facts(text::Facts& facts, const Handshake& h) {
  if (h.version) {
    facts["version"] = fmt::format("TLS {}", evidence::version_text(*h.version));
  }
  facts["algorithm"] = h.cipher_name;
  if (h.group_bits != 0) {
    facts["key_bits"] = fmt::format("{}", h.group_bits);
  }
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  Hypothesis hypothesis = bench.base();
  hypothesis.handshakes.resize(bench.endpoints().size());
  const Handshake* wide = nullptr;
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    const Endpoint& endpoint = bench.endpoints()[i];
    const Handshake* answer =
        worth_asking(endpoint) ? bench.observed(wide_spec(bench, endpoint)) : nullptr;
    if (answer != nullptr && std::holds_alternative<evidence::Completed>(answer->outcome)) {
      hypothesis.handshakes[i] = answer;
      wide = answer;
    }
  }
  if (wide == nullptr) {
    return {};
  }
  const bool old_version = wide->version && *wide->version < evidence::TlsVersion::Tls12;
  auto seen =
      observe(old_version ? "version-floor" : "security-level", now, bench.judge(hypothesis));
  if (!seen) {
    return {};
  }
  seen->handshake = wide;
  seen->subject =
      std::string(old_version ? evidence::version_text(*wide->version) : wide->cipher_name);
  add_handshake_facts(seen->facts, *wide);
  bench.extend_base(std::move(hypothesis));
  return {*std::move(seen)};
}

}  // namespace

extern constinit const Experiment experiment_version_and_level{
    .id = "version-floor", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
