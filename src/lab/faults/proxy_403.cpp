#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const TlsPlan origin = lab.good_plan();
  const std::uint16_t proxy = lab.serve(refusing_proxy_script(
      http_response("403 Forbidden", "text/html",
                    "<html><title>Blocked</title>Access denied by policy</html>\n")));
  Site& bad = lab.bad(origin);
  bad.proxy_url = lab.url_of("http", proxy);
  Site& good = lab.good(origin);
  good.proxy_url = lab.url_of("http", lab.serve(lab.honest_proxy()));
}

}  // namespace

extern constinit const LabFault fault_proxy_403{.id = "proxy-403",
                                                .summary_key = "lab.proxy-403",
                                                .cause = "proxy-scheme-or-proxy-fault",
                                                .start = start};

}  // namespace medic::lab
