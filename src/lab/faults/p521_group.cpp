#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// Chromium and rustls do not offer P-521 for the key exchange; OpenSSL, Go, Java and GnuTLS do.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  lab.good(plan);
  plan.groups = "P-521";
  lab.bad(plan).expectation = Expectation::Depends;
}

}  // namespace

extern constinit const LabFault fault_p521_group{.id = "p521-group",
                                                 .summary_key = "lab.p521-group",
                                                 .cause = "no-shared-cipher",
                                                 .start = start};

}  // namespace medic::lab
