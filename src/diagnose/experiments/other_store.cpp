// Judge by another trust store: the system's, the embedded Mozilla roots. What a sibling store
// trusts is no attacker's certificate, and this client only reads another file.

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"unknown-issuer", "incomplete-chain", "self-signed",
                                       "expired"};

std::vector<Observation> run(Bench& bench, const Matrix& /*before_stage*/) {
  // An issuer that was just added may have done already.
  const Matrix now = bench.judge(bench.base());
  if (cells_with(now, "unknown-issuer").empty() && cells_with(now, "incomplete-chain").empty() &&
      cells_with(now, "self-signed").empty() && cells_with(now, "expired").empty()) {
    return {};
  }
  std::vector<Observation> observations;
  for (const auto& [id, store] : bench.stores().by_id) {
    if (store == nullptr) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.store = store.get();
    if (auto seen = observe("other-store", now, bench.judge(hypothesis), kAbout)) {
      seen->subject = id;
      seen->facts["store"] = store->description();
      observations.push_back(*std::move(seen));
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_other_store{
    .id = "other-store", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
