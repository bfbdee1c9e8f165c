#include "lab/gateway.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Identity gateway = make_gateway(lab);
  add_intercepted_sites(lab, gateway).system_pem =
      certificate_pem(lab.root()) + certificate_pem(gateway);
}

}  // namespace

extern constinit const LabFault fault_intercepted_os_trusts{
    .id = "intercepted-os-trusts",
    .summary_key = "lab.intercepted-os-trusts",
    .cause = "tls-interception",
    .start = start};

}  // namespace medic::lab
