// Take away a setting that names CA certificates which cannot be used: the clients that obey it
// then read what they would read by themselves.

#include <fmt/core.h>

#include <map>

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

std::vector<Observation> run(Bench& bench, const Matrix& /*before_stage*/) {
  std::map<std::string, const evidence::BrokenSetting*, std::less<>> broken;
  for (const evidence::ClientFacts& client : bench.facts().clients) {
    for (const evidence::BrokenSetting& setting : client.broken) {
      broken.emplace(setting.rule + "\n" + setting.path, &setting);
    }
  }
  if (broken.empty()) {
    return {};
  }
  const Matrix now = bench.judge(bench.base());
  std::vector<Observation> observations;
  for (const auto& [key, setting] : broken) {
    Hypothesis hypothesis = bench.base();
    hypothesis.repaired_path = setting->path;
    if (auto seen = observe("repaired-setting", now, bench.judge(hypothesis))) {
      seen->subject = setting->path;
      seen->facts["rule"] = setting->place.empty()
                                ? setting->rule
                                : fmt::format("{} ({})", setting->rule, escaped(setting->place));
      seen->facts["store"] = setting->path;
      seen->facts["trouble"] = setting->trouble;
      observations.push_back(*std::move(seen));
    }
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_repaired_setting{
    .id = "repaired-setting", .stage = Stage::Path, .run = run};

}  // namespace medic::diagnose
