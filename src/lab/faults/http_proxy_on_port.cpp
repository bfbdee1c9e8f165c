#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  lab.bad(lab.honest_proxy());
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_http_proxy_on_port{.id = "http-proxy-on-port",
                                                         .summary_key = "lab.http-proxy-on-port",
                                                         .cause = "plaintext-on-tls-port",
                                                         .start = start};

}  // namespace medic::lab
