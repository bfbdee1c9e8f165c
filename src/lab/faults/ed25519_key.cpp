#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// Chromium and Firefox offer no ed25519; OpenSSL, GnuTLS, Go and Java do.
void start(FaultContext& lab) {
  lab.bad(lab.plan(make_certificate(lab.leaf(), lab.key(0, KeyKind::Ed25519), lab.intermediate())))
      .expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_ed25519_key{.id = "ed25519-key",
                                                  .summary_key = "lab.ed25519-key",
                                                  .cause = "no-shared-cipher",
                                                  .start = start};

}  // namespace medic::lab
