// Add an issuer that is already at hand: from the pool the person gave, or sent by the same target
// on another connection or address.

#include <algorithm>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"unknown-issuer", "incomplete-chain"};

std::vector<x509::CertificatePtr> pool(Bench& bench) {
  std::vector<x509::CertificatePtr> certificates;
  const auto add = [&](const x509::CertificatePtr& certificate) {
    const bool ca = certificate->basic_constraints && certificate->basic_constraints->ca;
    const bool known = std::ranges::any_of(certificates, [&](const x509::CertificatePtr& c) {
      return c->fingerprint == certificate->fingerprint;
    });
    if (ca && !known && !certificate->self_issued()) {
      certificates.push_back(certificate);
    }
  };
  for (const Bytes& der : bench.facts().pool) {
    if (const auto certificate = x509::parse_certificate(der)) {
      add(*certificate);
    }
  }
  for (const evidence::Handshake* handshake : bench.all_observed()) {
    for (const x509::CertificatePtr& certificate : bench.chain(*handshake)) {
      add(certificate);
    }
  }
  return certificates;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (!bench.base().issuers.empty() ||
      (cells_with(now, "unknown-issuer").empty() && cells_with(now, "incomplete-chain").empty())) {
    return {};
  }
  for (const x509::CertificatePtr& issuer : pool(bench)) {
    Hypothesis hypothesis = bench.base();
    hypothesis.issuers.push_back(issuer);
    if (auto seen = observe("add-local-issuer", now, bench.judge(hypothesis), kAbout)) {
      seen->subject = escaped(issuer->subject.display());
      seen->certificates = {issuer};
      bench.extend_base(std::move(hypothesis));
      return {*std::move(seen)};
    }
  }
  return {};
}

}  // namespace

// After add-aia-issuer, by name: the fetched one is the proof a server's operator can repeat.
extern constinit const Experiment experiment_add_local_issuer{
    .id = "add-local-issuer", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
