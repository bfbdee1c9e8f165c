#include "lab/gateway.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  add_intercepted_sites(lab, make_gateway(lab)).system_pem = certificate_pem(lab.root());
}

}  // namespace

extern constinit const LabFault fault_intercepted_untrusted{
    .id = "intercepted-untrusted",
    .summary_key = "lab.intercepted-untrusted",
    .cause = "tls-interception",
    .start = start};

}  // namespace medic::lab
