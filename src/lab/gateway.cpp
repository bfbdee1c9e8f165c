#include "lab/gateway.h"

namespace medic::lab {

Identity make_gateway(const FaultContext& lab) {
  Recipe recipe = lab.anchor("Example Corp Web Gateway CA");
  recipe.subject = {{"O", "Example Corp"}, {"CN", "Example Corp Web Gateway CA"}};
  return make_self_signed(recipe, FaultContext::key(6));
}

Site& add_intercepted_sites(FaultContext& lab, const Identity& gateway) {
  const Identity forged = make_certificate(lab.leaf(), FaultContext::key(7), gateway);
  const std::uint16_t proxy =
      lab.serve(intercepting_proxy_script(FaultContext::plan(forged, {gateway}), lab.clock()));
  const TlsPlan origin = lab.good_plan();
  Site& bad = lab.bad(origin);
  bad.proxy_url = lab.url_of("http", proxy);
  lab.good(origin).proxy_url = lab.url_of("http", lab.serve(lab.honest_proxy()));
  return bad;
}

}  // namespace medic::lab
