// Allow TLS 1.0 and 1.1, which current clients refuse.

#include "diagnose/wider_hello.h"

namespace medic::diagnose {
namespace {

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  std::vector<Observation> observations =
      observe_wider(bench, now, "version-floor", beyond_version);
  for (Observation& seen : observations) {
    seen.subject = evidence::version_text(*seen.handshake->version);
  }
  return observations;
}

}  // namespace

extern constinit const Experiment experiment_version_floor{
    .id = "version-floor", .stage = Stage::Reach, .wants = wider_specs, .run = run};

}  // namespace medic::diagnose
