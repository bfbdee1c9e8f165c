#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// Chromium offers no ecdsa_secp521r1_sha512; command-line clients and Firefox do.
void start(FaultContext& lab) {
  lab.bad(lab.plan(make_certificate(lab.leaf(), lab.key(0, KeyKind::P521), lab.intermediate())))
      .expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_p521_key{
    .id = "p521-key", .summary_key = "lab.p521-key", .cause = "no-shared-cipher", .start = start};

}  // namespace medic::lab
