#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// The right domain, the wrong host of it: neither "www." nor a wildcard would help.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.dns = {"api." + lab.host()};
  lab.bad(lab.plan(lab.issued(recipe)));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_sibling_host{.id = "sibling-host",
                                                   .summary_key = "lab.sibling-host",
                                                   .cause = "hostname-mismatch",
                                                   .start = start};

}  // namespace medic::lab
