// Ask whether a certificate of the path was withdrawn: the stapled OCSP answer, the responder, the
// CRL. From the leaf upwards; a root is its own judge and is not asked about.

#include <fmt/core.h>

#include "diagnose/experiment.h"
#include "diagnose/issuing_path.h"
#include "verify/revocation.h"

namespace medic::diagnose {
namespace {

Observation revoked(const Matrix& now, const x509::CertificatePtr& certificate, std::string how) {
  return {.experiment = "check-revocation",
          .relieved = cells_with(now, "revoked"),
          .before = "pass",
          .after = "revoked",
          .subject = escaped(certificate->subject.display()),
          .facts = {{"reason", std::move(how)}},
          .certificates = {certificate}};
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

// `staple`: what the server sent about this certificate; empty for all but the leaf.
std::optional<Observation> ask(Bench& bench, const Matrix& now,
                               const x509::CertificatePtr& certificate,
                               const x509::Certificate& issuer, ByteView staple) {
  if (!staple.empty()) {
    const auto answer = verify::read_ocsp(staple, *certificate, issuer, bench.now());
    if (answer.status == verify::OcspStatus::Revoked) {
      return revoked(now, certificate, told_by("OCSP (stapled)", answer));
    }
  }
  const verify::FetchLimits limits{.allow_private = bench.may_fetch_private()};
  if (!certificate->ocsp_urls.empty()) {
    const auto answer =
        verify::fetch_ocsp(bench.world(), *certificate, issuer, bench.now(), limits);
    if (answer.status == verify::OcspStatus::Revoked) {
      return revoked(now, certificate, told_by("OCSP " + escaped(answer.url, 120), answer));
    }
    if (answer.status == verify::OcspStatus::Good) {
      return std::nullopt;  // signed and current: a list, often days old, adds nothing
    }
  }
  if (!certificate->crl_urls.empty()) {
    std::vector<std::string> problems;
    Hypothesis hypothesis = bench.base();
    hypothesis.crls = verify::fetch_crls(bench.world(), *certificate, limits, problems);
    hypothesis.revocation = verify::Revocation::Soft;
    if (!hypothesis.crls.empty() && !cells_with(bench.judge(hypothesis), "revoked").empty()) {
      return revoked(now, certificate, "CRL " + escaped(certificate->crl_urls.front(), 120));
    }
  }
  return std::nullopt;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (!bench.facts().asked.revocation) {
    return {};
  }
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    const evidence::Handshake* handshake = nullptr;
    const auto chain = standing_chain(bench, i, &handshake);
    if (handshake == nullptr) {
      continue;
    }
    const auto path = issuing_path(bench, chain);
    for (std::size_t k = 0; k + 1 < path.size(); ++k) {
      const ByteView staple = k == 0 ? ByteView(handshake->ocsp_staple) : ByteView{};
      if (auto seen = ask(bench, now, path[k], *path[k + 1], staple)) {
        return {*std::move(seen)};
      }
    }
  }
  return {};
}

}  // namespace

extern constinit const Experiment experiment_check_revocation{
    .id = "check-revocation", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
