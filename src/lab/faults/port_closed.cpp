#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// No failure of TLS: nobody listens.
void start(FaultContext& lab) {
  lab.bad(lab.good_plan()).port = lab.closed_port();
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_port_closed{
    .id = "port-closed", .summary_key = "lab.port-closed", .cause = "not-tls", .start = start};

}  // namespace medic::lab
