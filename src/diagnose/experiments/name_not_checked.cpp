// Leave the name out: what passes then has nothing but its name against it, whatever name would do.

#include "diagnose/served_names.h"

namespace medic::diagnose {
namespace {

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  const x509::CertificatePtr leaf = misnamed_leaf(bench, now);
  if (leaf == nullptr) {
    return {};
  }
  Hypothesis hypothesis = bench.base();
  hypothesis.waived = {"hostname-mismatch", "no-san"};
  const auto seen = observe_names(bench, now, "name-not-checked", hypothesis, leaf);
  return seen ? std::vector{*seen} : std::vector<Observation>{};
}

}  // namespace

extern constinit const Experiment experiment_name_not_checked{
    .id = "name-not-checked", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
