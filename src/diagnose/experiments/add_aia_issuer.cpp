// Fetch the issuer that a certificate names in its Authority Information Access and add it.

#include "diagnose/experiment.h"
#include "verify/issuer_fetch.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"unknown-issuer", "incomplete-chain"};

const evidence::Handshake* seen_handshake(const Bench& bench, std::size_t endpoint) {
  const auto& changed = bench.base().handshakes;
  if (endpoint < changed.size() && changed[endpoint] != nullptr) {
    return changed[endpoint];
  }
  return bench.endpoints()[endpoint].main;
}

// The first address that gave certificates: what an operator can repeat.
std::string first_good_url(const verify::FetchedIssuers& found) {
  for (const verify::FetchedIssuers::Source& source : found.sources) {
    if (source.certificates > 0) {
      return source.url;
    }
  }
  return {};
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
    verify::FetchedIssuers found = verify::fetch_issuers(
        bench.world(), bench.chain(*handshake), {.allow_private = bench.may_fetch_private()});
    if (found.certificates.empty()) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.issuers.insert(hypothesis.issuers.end(), found.certificates.begin(),
                              found.certificates.end());
    auto seen = observe("add-aia-issuer", now, bench.judge(hypothesis), kAbout);
    if (seen) {
      seen->subject = escaped(found.certificates.front()->subject.display());
      seen->facts["url"] = first_good_url(found);
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
