#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// A client that sends no SNI is right to accept it.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  lab.good(plan);
  plan.sni = SniRule::RejectAny;
  lab.bad(plan).expectation = Expectation::Depends;
}

}  // namespace

extern constinit const LabFault fault_sni_must_be_absent{.id = "sni-must-be-absent",
                                                         .summary_key = "lab.sni-must-be-absent",
                                                         .cause = "sni-misconfigured-server",
                                                         .start = start};

}  // namespace medic::lab
