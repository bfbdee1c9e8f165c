// Ask without a server name, and under the near-by names: if one of them is served properly, the
// server is there and only its choice by name is wrong.

#include "diagnose/experiment.h"
#include "diagnose/nearby_names.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;
using evidence::ProbeSpec;

bool received_name_warning(const Handshake& h) {
  for (const evidence::Alert& alert : h.alerts) {
    if (!alert.sent && alert.level == 1 && alert.code == 112) {
      return true;
    }
  }
  return false;
}

bool worth_asking(const Endpoint& endpoint, const Matrix& now) {
  if (endpoint.main == nullptr || !endpoint.main->spec.sni) {
    return false;
  }
  const evidence::Outcome& outcome = endpoint.main->outcome;
  if (std::holds_alternative<evidence::Completed>(outcome)) {
    return received_name_warning(*endpoint.main) || !cells_with(now, "hostname-mismatch").empty();
  }
  if (const auto* alert = std::get_if<evidence::AlertReceived>(&outcome)) {
    return alert->phase == evidence::Phase::Handshake &&
           !endpoint.main->client_certificate_requested;
  }
  return std::holds_alternative<evidence::Closed>(outcome);
}

std::vector<ProbeSpec> variants(const Bench& bench, const Endpoint& endpoint) {
  ProbeSpec spec = bench.main_spec(endpoint.address);
  spec.http = false;
  std::vector<ProbeSpec> specs;
  spec.sni.reset();
  specs.push_back(spec);
  for (const std::string& name : nearby_names(bench.name())) {
    spec.sni = name;
    specs.push_back(spec);
  }
  return specs;
}

std::vector<ProbeSpec> wants(Bench& bench, const Matrix& now) {
  if (bench.endpoints().empty() || !worth_asking(bench.endpoints().front(), now)) {
    return {};
  }
  return variants(bench, bench.endpoints().front());
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (bench.endpoints().empty() || !worth_asking(bench.endpoints().front(), now)) {
    return {};
  }
  std::vector<Observation> observations;
  const Endpoint& endpoint = bench.endpoints().front();
  for (const ProbeSpec& spec : variants(bench, endpoint)) {
    const Handshake* answer = bench.observed(spec);
    if (answer == nullptr || !std::holds_alternative<evidence::Completed>(answer->outcome)) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.handshakes.assign(bench.endpoints().size(), answer);
    auto seen = observe(spec.sni ? "other-sni" : "without-sni", now, bench.judge(hypothesis));
    // Without an alert in the way, the name only matters when it brings the right certificate.
    if (!seen && received_name_warning(*endpoint.main) && !received_name_warning(*answer)) {
      seen = Observation{.experiment = spec.sni ? "other-sni" : "without-sni",
                         .before = "alert-unrecognized-name",
                         .after = "pass"};
    }
    if (seen) {
      seen->handshake = answer;
      seen->subject = spec.sni.value_or("");
      seen->facts["suggestion"] = spec.sni.value_or("");
      const bool blocked = !std::holds_alternative<evidence::Completed>(endpoint.main->outcome);
      if (blocked && bench.base().handshakes.empty()) {
        bench.extend_base(std::move(hypothesis));
      }
      observations.push_back(*std::move(seen));
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_without_sni{
    .id = "without-sni", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
