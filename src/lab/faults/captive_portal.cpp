#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const TlsPlan origin = lab.good_plan();
  const std::uint16_t proxy = lab.serve(refusing_proxy_script(
      http_response("302 Found\r\nLocation: http://login.lab.test/portal", "text/html",
                    "<html><title>Login</title>Please log in to use this network</html>\n")));
  Site& bad = lab.bad(origin);
  bad.proxy_url = lab.url_of("http", proxy);
  Site& good = lab.good(origin);
  good.proxy_url = lab.url_of("http", lab.serve(lab.honest_proxy()));
}

}  // namespace

extern constinit const LabFault fault_captive_portal{.id = "captive-portal",
                                                     .summary_key = "lab.captive-portal",
                                                     .cause = "captive-portal-or-block-page",
                                                     .start = start};

}  // namespace medic::lab
