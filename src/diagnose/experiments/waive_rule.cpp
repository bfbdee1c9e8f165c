// Do not count one rule: what passes then was refused for this rule alone. For looking only; no
// remedy ever does this.

#include <algorithm>
#include <array>
#include <set>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

// Faults with experiments of their own, which prove more than "the rule is in the way".
constexpr std::array<std::string_view, 8> kElsewhere = {
    "expired",     "not-yet-valid",    "hostname-mismatch", "no-san",
    "self-signed", "incomplete-chain", "unknown-issuer",    "resource-limit"};

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  std::set<std::string, std::less<>> ids;
  for (const Cell& cell : now) {
    if (cell.verdict == CellVerdict::Fail && !cell.store.empty()) {
      for (const verify::Fault& fault : cell.faults) {
        if (std::ranges::find(kElsewhere, fault.id) == kElsewhere.end()) {
          ids.insert(fault.id);
        }
      }
    }
  }
  std::vector<Observation> observations;
  for (const std::string& id : ids) {
    Hypothesis hypothesis = bench.base();
    hypothesis.waived = {id};
    const std::string_view about[] = {id};
    auto seen = observe("waive-rule", now, bench.judge(hypothesis), about);
    if (!seen) {
      continue;
    }
    const verify::Fault* fault = first_fault(now, id);
    seen->subject = fault->subject;
    seen->facts["rule"] = id;
    for (const auto& [name, value] : fault->facts) {
      seen->facts[name] = value;
    }
    for (const evidence::Handshake* handshake : bench.all_observed()) {
      for (const x509::CertificatePtr& certificate : bench.chain(*handshake)) {
        if (fault->fingerprint && certificate->fingerprint == *fault->fingerprint &&
            seen->certificates.empty()) {
          seen->certificates = {certificate};
        }
      }
    }
    observations.push_back(*std::move(seen));
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_waive_rule{
    .id = "waive-rule", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
