#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// Without SNI the right certificate appears: that tells it from a certificate for the wrong name.
void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  lab.good(plan);
  const Identity other = lab.issued(leaf_recipe("another-site.lab.test", lab.at()));
  plan.other = lab.plan(other).shown;
  plan.sni = SniRule::OtherForAnyName;
  lab.bad(plan);
}

}  // namespace

extern constinit const LabFault fault_sni_wrong_vhost{.id = "sni-wrong-vhost",
                                                      .summary_key = "lab.sni-wrong-vhost",
                                                      .cause = "sni-misconfigured-server",
                                                      .start = start};

}  // namespace medic::lab
