#include "diagnose/sni_variants.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace medic::diagnose {
namespace {

using evidence::Handshake;
using evidence::ProbeSpec;

constexpr std::uint32_t kPatienceMs = 4000;

bool completed(const Handshake& h) {
  return std::holds_alternative<evidence::Completed>(h.outcome);
}

bool received_name_warning(const Handshake& h) {
  return std::ranges::any_of(h.alerts, [](const evidence::Alert& alert) {
    return !alert.sent && alert.level == 1 && alert.code == 112;
  });
}

}  // namespace

bool name_may_matter(const Bench& bench, const Matrix& now) {
  const Handshake* main = bench.endpoints().empty() ? nullptr : bench.endpoints().front().main;
  if (main == nullptr || !main->spec.sni) {
    return false;
  }
  if (completed(*main)) {
    return received_name_warning(*main) || !cells_with(now, "hostname-mismatch").empty();
  }
  if (const auto* alert = std::get_if<evidence::AlertReceived>(&main->outcome)) {
    return alert->phase == evidence::Phase::Handshake && !main->client_certificate_requested;
  }
  if (const auto* late = std::get_if<evidence::TimedOut>(&main->outcome)) {
    return late->phase == evidence::Phase::Handshake && main->bytes_received == 0;
  }
  return std::holds_alternative<evidence::Closed>(main->outcome);
}

ProbeSpec named_spec(const Bench& bench, const std::optional<std::string>& sni) {
  ProbeSpec spec = bench.main_spec(bench.endpoints().front().address);
  spec.http = false;
  spec.sni = sni;
  const Handshake* main = bench.endpoints().front().main;
  if (main != nullptr && std::holds_alternative<evidence::TimedOut>(main->outcome)) {
    // The person has waited a whole deadline already; a name that is let through answers at once.
    spec.deadline_ms = std::min(spec.deadline_ms, kPatienceMs);
  }
  return spec;
}

std::optional<Observation> observe_named(Bench& bench, const Matrix& now,
                                         std::string_view experiment,
                                         const std::optional<std::string>& sni) {
  const Handshake& main = *bench.endpoints().front().main;
  const Handshake* answer = bench.observed(named_spec(bench, sni));
  if (answer == nullptr || !completed(*answer)) {
    return std::nullopt;
  }
  Hypothesis hypothesis = bench.base();
  hypothesis.handshakes.assign(bench.endpoints().size(), answer);
  auto seen = observe(experiment, now, bench.judge(hypothesis));
  // Without an alert in the way, the name only matters when it brings the right certificate.
  if (!seen && received_name_warning(main) && !received_name_warning(*answer)) {
    seen =
        Observation{.experiment = experiment, .before = "alert-unrecognized-name", .after = "pass"};
  }
  if (!seen) {
    return std::nullopt;
  }
  seen->handshake = answer;
  seen->subject = sni.value_or("");
  seen->facts["suggestion"] = seen->subject;
  if (!completed(main) && bench.base().handshakes.empty()) {
    bench.extend_base(std::move(hypothesis));
  }
  return seen;
}

}  // namespace medic::diagnose
