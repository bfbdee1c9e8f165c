#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// What nginx does with ssl_reject_handshake.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  plan.sni = SniRule::RejectUnknown;
  plan.known_names = {"another-site.lab.test"};
  lab.bad(plan);
  plan.known_names = {lab.host()};
  lab.good(plan);
}

}  // namespace

extern constinit const LabFault fault_sni_unrecognized{.id = "sni-unrecognized",
                                                       .summary_key = "lab.sni-unrecognized",
                                                       .cause = "sni-misconfigured-server",
                                                       .start = start};

}  // namespace medic::lab
