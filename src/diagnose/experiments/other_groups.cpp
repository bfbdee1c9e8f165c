// Offer groups that current clients leave out, and let a client accept a group that only it leaves
// out.

#include <variant>

#include "diagnose/wider_hello.h"

namespace medic::diagnose {
namespace {

using evidence::Handshake;

// The main handshake finished; one client lacks the group it used.
std::vector<Observation> allowed(Bench& bench, const Matrix& now) {
  for (const Cell& cell : now) {
    const verify::Fault* fault = cell.faults.empty() ? nullptr : &cell.faults.front();
    const Handshake* main = bench.endpoints()[cell.endpoint].main;
    const bool group = fault != nullptr && fault->id == "alert-handshake-failure" &&
                       fault->detail == "fault.group-not-offered";
    if (!group || main == nullptr || !std::holds_alternative<evidence::Completed>(main->outcome)) {
      continue;
    }
    Hypothesis hypothesis = bench.base();
    hypothesis.handshakes.resize(bench.endpoints().size());
    hypothesis.handshakes[cell.endpoint] = main;
    if (auto seen = observe("other-groups", now, bench.judge(hypothesis))) {
      seen->handshake = main;
      return {*std::move(seen)};
    }
  }
  return {};
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  std::vector<Observation> observations = observe_wider(bench, now, "other-groups", beyond_groups);
  if (observations.empty()) {
    observations = allowed(bench, now);
  }
  for (Observation& seen : observations) {
    seen.subject = seen.handshake->group;
    seen.facts["algorithm"] = seen.handshake->group;
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_other_groups{
    .id = "other-groups", .stage = Stage::Reach, .wants = wider_specs, .run = run};

}  // namespace medic::diagnose
