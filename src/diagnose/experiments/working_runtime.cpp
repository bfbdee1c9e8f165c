// Judge installed clients whose TLS cannot be loaded as if it could: nothing else keeps them from
// the target.

#include <algorithm>
#include <map>

#include "diagnose/client_rows.h"
#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"ssl-module-missing", "ssl-library-load-failure"};

const evidence::ClientProblem* runtime_problem(const Bench& bench, const Cell& cell) {
  const evidence::ClientProblem* absent = problem_of(bench, cell, "ssl-module-broken");
  return absent != nullptr ? absent : problem_of(bench, cell, "openssl-library-mismatch");
}

std::vector<Observation> run(Bench& bench, const Matrix& /*before_stage*/) {
  const Matrix now = bench.judge(bench.base());
  Hypothesis hypothesis = bench.base();
  hypothesis.working_runtime = true;
  if (std::ranges::none_of(kAbout, [&](std::string_view id) { return first_fault(now, id); })) {
    return {};
  }
  const auto all = observe("working-runtime", now, bench.judge(hypothesis), kAbout);
  if (!all) {
    return {};
  }
  // One observation for each thing that is broken; several clients may run in one interpreter.
  std::map<std::string, Observation, std::less<>> by_problem;
  for (const std::size_t cell : all->relieved) {
    const evidence::ClientProblem* problem = runtime_problem(bench, now[cell]);
    if (problem == nullptr) {
      continue;
    }
    const auto [at, added] = by_problem.try_emplace(problem->cause + "\n" + problem->subject, *all);
    Observation& seen = at->second;
    if (added) {
      seen.relieved.clear();
      seen.subject = problem->subject;
      seen.before = now[cell].faults.front().id;
      seen.facts = {{"cause", problem->cause},
                    {"subject", escaped(problem->subject)},
                    {"reason", escaped(problem->reason)}};
    }
    seen.relieved.push_back(cell);
  }
  std::vector<Observation> observations;
  for (auto& [key, seen] : by_problem) {
    observations.push_back(std::move(seen));
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_working_runtime{
    .id = "working-runtime", .stage = Stage::Reach, .run = run};

}  // namespace medic::diagnose
