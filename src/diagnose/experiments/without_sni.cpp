// Ask without a server name: if the server answers then, it is there and only its choice by name is
// wrong.

#include "diagnose/sni_variants.h"

namespace medic::diagnose {
namespace {

std::vector<evidence::ProbeSpec> wants(Bench& bench, const Matrix& now) {
  return name_may_matter(bench, now) ? std::vector{named_spec(bench, std::nullopt)}
                                     : std::vector<evidence::ProbeSpec>{};
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  if (!name_may_matter(bench, now)) {
    return {};
  }
  const auto seen = observe_named(bench, now, "without-sni", std::nullopt);
  return seen ? std::vector{*seen} : std::vector<Observation>{};
}

}  // namespace

extern constinit const Experiment experiment_without_sni{
    .id = "without-sni", .stage = Stage::Reach, .wants = wants, .run = run};

}  // namespace medic::diagnose
