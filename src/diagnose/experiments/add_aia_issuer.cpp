// Fetch the issuer that a certificate names in its Authority Information Access and add it.

#include "diagnose/experiment.h"
#include "diagnose/path_end.h"
#include "x509/container.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"unknown-issuer", "incomplete-chain"};
// Issuers fetched one after the other; public chains need one or two.
constexpr int kMaxFetches = 4;

const evidence::Handshake* seen_handshake(const Bench& bench, std::size_t endpoint) {
  const auto& changed = bench.base().handshakes;
  if (endpoint < changed.size() && changed[endpoint] != nullptr) {
    return changed[endpoint];
  }
  return bench.endpoints()[endpoint].main;
}

struct FetchedIssuers {
  std::vector<x509::CertificatePtr> certificates;
  std::string url;  // of the first
};

FetchedIssuers fetch_issuers(Bench& bench, const std::vector<x509::CertificatePtr>& chain) {
  FetchedIssuers found;
  for (int i = 0; i < kMaxFetches; ++i) {
    const auto order = issuing_order(chain, found.certificates);
    if (order.empty() || order.back()->self_issued()) {
      break;
    }
    bool grew = false;
    for (const std::string& url : order.back()->ca_issuer_urls) {
      if (!url.starts_with("http://")) {
        continue;
      }
      const evidence::Fetched answer = bench.world().fetch(
          {.url = url, .purpose = "aia", .allow_private = bench.facts().asked.fetch_private});
      if (answer.status != 200) {
        continue;
      }
      for (const x509::CertificatePtr& issuer : x509::read_certificates(answer.body).certificates) {
        if (issuer->subject.canonical == order.back()->issuer.canonical) {
          found.certificates.push_back(issuer);
          found.url = found.url.empty() ? url : found.url;
          grew = true;
        }
      }
      if (grew) {
        break;
      }
    }
    if (!grew) {
      break;
    }
  }
  return found;
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (cells_with(now, "unknown-issuer").empty() && cells_with(now, "incomplete-chain").empty() &&
      cells_with(now, "self-signed").empty()) {
    return {};
  }
  std::vector<Observation> observations;
  for (std::size_t i = 0; i < bench.endpoints().size(); ++i) {
    const evidence::Handshake* handshake = seen_handshake(bench, i);
    if (handshake == nullptr) {
      continue;
    }
    FetchedIssuers found = fetch_issuers(bench, bench.chain(*handshake));
    if (found.certificates.empty()) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.issuers.insert(hypothesis.issuers.end(), found.certificates.begin(),
                              found.certificates.end());
    auto seen = observe("add-aia-issuer", now, bench.judge(hypothesis), kAbout);
    if (seen) {
      seen->subject = escaped(found.certificates.front()->subject.display());
      seen->facts["url"] = found.url;
      seen->certificates = std::move(found.certificates);
      bench.extend_base(std::move(hypothesis));
      observations.push_back(*std::move(seen));
      break;
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_add_aia_issuer{
    .id = "add-aia-issuer", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
