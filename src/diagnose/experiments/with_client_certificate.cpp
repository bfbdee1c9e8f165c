// Show a client certificate made for the occasion, which no server trusts: if the server's
// complaint changes (or goes away), it was about the certificate that was missing.

#include <fmt/core.h>

#include "diagnose/experiment.h"
#include "diagnose/transport.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

bool refused_after_request(const Endpoint& endpoint) {
  return endpoint.main != nullptr && endpoint.main->client_certificate_requested &&
         !endpoint.main->spec.client_certificate &&
         !std::holds_alternative<evidence::Completed>(endpoint.main->outcome);
}

evidence::ProbeSpec with_certificate(const Endpoint& endpoint) {
  evidence::ProbeSpec spec = endpoint.main->spec;
  spec.client_certificate = true;
  return spec;
}

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& /*now*/) {
  if (bench.endpoints().empty() || !refused_after_request(bench.endpoints().front())) {
    return {};
  }
  return {with_certificate(bench.endpoints().front())};
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (bench.endpoints().empty() || !refused_after_request(bench.endpoints().front())) {
    return {};
  }
  const Endpoint& endpoint = bench.endpoints().front();
  const Handshake* answer = bench.observed(with_certificate(endpoint));
  if (answer == nullptr) {
    return {};
  }
  const auto before = outcome_fault(*endpoint.main);
  const auto after = outcome_fault(*answer);
  if (!before || (after && after->id == before->id)) {
    return {};
  }
  Observation seen{.experiment = "with-client-certificate",
                   .relieved = cells_with(now, before->id),
                   .before = before->id,
                   .after = after ? after->id : "pass",
                   .handshake = endpoint.main};
  for (const auto& [name, value] : before->facts) {
    seen.facts[name] = value;
  }
  seen.facts["count"] = fmt::format("{}", endpoint.main->client_ca_names.size());
  return {seen};
}

}  // namespace

extern constinit const Experiment experiment_with_client_certificate{
    .id = "with-client-certificate", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
