// Ask whether the server's certificate was withdrawn: the stapled OCSP answer, the responder, the
// CRL. Only the leaf is asked about; what withdraws an intermediate comes with the stores' own
// updates.

#include <fmt/core.h>

#include "diagnose/experiment.h"
#include "diagnose/leaf_issuer.h"
#include "verify/revocation.h"

namespace medic::diagnose {
namespace {

Observation revoked(const Matrix& now, const x509::Certificate& leaf, std::string how) {
  return {.experiment = "check-revocation",
          .relieved = cells_with(now, "revoked"),
          .before = "pass",
          .after = "revoked",
          .subject = escaped(leaf.subject.display()),
          .facts = {{"reason", std::move(how)}}};
}

// The words for the report: which service said it, when and why.
std::string told_by(std::string_view source, const verify::OcspAnswer& answer) {
  std::string text(source);
  if (answer.revoked_at) {
    text += fmt::format(", {}", iso_date(*answer.revoked_at));
  }
  if (!answer.reason.empty()) {
    text += fmt::format(", {}", answer.reason);
  }
  return text;
}

std::optional<Observation> ask(Bench& bench, const Matrix& now,
                               const evidence::Handshake& handshake,
                               const std::vector<x509::CertificatePtr>& chain) {
  const x509::CertificatePtr issuer = leaf_issuer(bench, chain);
  const x509::Certificate& leaf = *chain.front();
  if (issuer == nullptr || leaf.self_issued()) {
    return std::nullopt;
  }
  const verify::FetchLimits limits{.allow_private = bench.may_fetch_private()};
  std::optional<Observation> found;
  if (!handshake.ocsp_staple.empty()) {
    const auto answer = verify::read_ocsp(handshake.ocsp_staple, leaf, *issuer, bench.now());
    if (answer.status == verify::OcspStatus::Revoked) {
      found = revoked(now, leaf, told_by("OCSP (stapled)", answer));
    }
  }
  if (!found && !leaf.ocsp_urls.empty()) {
    const auto answer = verify::fetch_ocsp(bench.world(), leaf, *issuer, bench.now(), limits);
    if (answer.status == verify::OcspStatus::Revoked) {
      found = revoked(now, leaf, told_by("OCSP " + escaped(answer.url, 120), answer));
    }
  }
  if (!found && !leaf.crl_urls.empty()) {
    std::vector<std::string> problems;
    Hypothesis hypothesis = bench.base();
    hypothesis.crls = verify::fetch_crls(bench.world(), leaf, limits, problems);
    hypothesis.revocation = verify::Revocation::Soft;
    if (!hypothesis.crls.empty() && !cells_with(bench.judge(hypothesis), "revoked").empty()) {
      found = revoked(now, leaf, "CRL " + escaped(leaf.crl_urls.front(), 120));
    }
  }
  if (found) {
    found->certificates = {chain.front()};
  }
  return found;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (!bench.facts().asked.revocation) {
    return {};
  }
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    const evidence::Handshake* handshake = nullptr;
    const auto chain = standing_chain(bench, i, &handshake);
    if (handshake == nullptr || chain.empty()) {
      continue;
    }
    if (auto seen = ask(bench, now, *handshake, chain)) {
      return {*std::move(seen)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_check_revocation{
    .id = "check-revocation", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
