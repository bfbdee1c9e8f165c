#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// RFC 7027: a curve that no current client offers by default.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.max_version = TlsVersion::Tls12;
  lab.good(plan);
  plan.groups = "brainpoolP256r1";
  lab.bad(plan).expectation = Expectation::Depends;
}

}  // namespace

extern constinit const LabFault fault_unusual_group{.id = "unusual-group",
                                                    .summary_key = "lab.unusual-group",
                                                    .cause = "no-shared-cipher",
                                                    .start = start};

}  // namespace medic::lab
