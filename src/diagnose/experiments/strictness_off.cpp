// Take the strictness away from the clients that are strict (OpenSSL's X509_V_FLAG_X509_STRICT,
// which Python 3.13 sets): everything else is judged as before.

#include "diagnose/experiment.h"

namespace medic::diagnose {
namespace {

constexpr std::string_view kAbout[] = {"profile-violation"};

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  const verify::Fault* fault = first_fault(now, "profile-violation");
  if (fault == nullptr) {
    return {};
  }
  Hypothesis hypothesis = bench.base();
  hypothesis.lenient = true;
  auto seen = observe("strictness-off", now, bench.judge(hypothesis), kAbout);
  if (!seen) {
    return {};
  }
  seen->subject = fault->subject;
  return {*std::move(seen)};
}

}  // namespace

extern constinit const Experiment experiment_strictness_off{
    .id = "strictness-off", .stage = Stage::Rule, .run = run};

}  // namespace medic::diagnose
