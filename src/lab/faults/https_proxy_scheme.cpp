#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// Debian's wget and Python's urllib treat such a URL as http and work.
void start(FaultContext& lab) {
  const TlsPlan origin = lab.good_plan();
  const std::uint16_t proxy = lab.serve(lab.honest_proxy());
  Site& bad = lab.bad(origin);
  bad.proxy_url = lab.url_of("https", proxy);
  bad.expectation = Expectation::Depends;
  Site& good = lab.good(origin);
  good.proxy_url = lab.url_of("http", proxy);
}

}  // namespace

extern constinit const LabFault fault_https_proxy_scheme{.id = "https-proxy-scheme",
                                                         .summary_key = "lab.https-proxy-scheme",
                                                         .cause = "proxy-scheme-or-proxy-fault",
                                                         .start = start};

}  // namespace medic::lab
