#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  Recipe recipe = lab.anchor("Example Corp Web Gateway CA");
  recipe.subject = {{"O", "Example Corp"}, {"CN", "Example Corp Web Gateway CA"}};
  const Identity gateway = make_self_signed(recipe, lab.key(6));
  const Identity forged = make_certificate(lab.leaf(), lab.key(7), gateway);
  const std::uint16_t proxy =
      lab.serve(intercepting_proxy_script(FaultContext::plan(forged, {gateway}), lab.clock()));
  const TlsPlan origin = lab.good_plan();
  Site& bad = lab.bad(origin);
  bad.proxy_url = lab.url_of("http", proxy);
  bad.system_pem = certificate_pem(lab.root());
  Site& good = lab.good(origin);
  good.proxy_url = lab.url_of("http", lab.serve(lab.honest_proxy()));
}

}  // namespace

extern constinit const LabFault fault_intercepted_untrusted{
    .id = "intercepted-untrusted",
    .summary_key = "lab.intercepted-untrusted",
    .cause = "tls-interception",
    .start = start};

}  // namespace medic::lab
