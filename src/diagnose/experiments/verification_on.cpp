// Judge installed clients whose verification is switched off as if it were on: what they accept
// unseen comes to light.

#include "diagnose/client_rows.h"
#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  Hypothesis hypothesis = bench.base();
  hypothesis.verifying = true;
  std::vector<Observation> observations;
  Matrix verified;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const evidence::ClientFacts* client = client_of(bench, now[i]);
    const evidence::ClientProblem* problem =
        problem_of(bench, now[i], "verification-disabled-on-purpose");
    if (client == nullptr || client->verifies || problem == nullptr || now[i].endpoint != 0) {
      continue;
    }
    if (verified.empty()) {
      verified = bench.judge(hypothesis);
    }
    observations.push_back({.experiment = "verification-on",
                            .before = verdict_text(now[i]),
                            .after = verdict_text(verified[i]),
                            .subject = client->id,
                            .facts = {{"client", escaped(client->id)},
                                      {"rule", escaped(problem->rule)},
                                      {"store", escaped(problem->place)}}});
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_verification_on{
    .id = "verification-on", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
