// Allow what OpenSSL's security level 0 allows: weak ciphers and parameters, a server without
// RFC 5746.

#include "diagnose/wider_hello.h"

namespace medic::diagnose {
namespace {

bool concerns(const evidence::Handshake& handshake) {
  return !beyond_version(handshake) && !beyond_groups(handshake);
}

std::vector<Observation> run(Bench& bench, const Matrix& now) {
  return observe_wider(bench, now, "security-level", concerns);
}

}  // namespace

extern constinit const Experiment experiment_security_level{
    .id = "security-level", .stage = Stage::Reach, .wants = wider_specs, .run = run};

}  // namespace medic::diagnose
