#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const TlsPlan origin = lab.good_plan();
  lab.bad(origin).proxy_url = lab.url_of("http", lab.closed_port());
  lab.good(origin).proxy_url = lab.url_of("http", lab.serve(lab.honest_proxy()));
}

}  // namespace

extern constinit const LabFault fault_proxy_down{.id = "proxy-down",
                                                 .summary_key = "lab.proxy-down",
                                                 .cause = "proxy-scheme-or-proxy-fault",
                                                 .start = start};

}  // namespace medic::lab
