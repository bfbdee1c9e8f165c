#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.basic_constraints = ca_constraints();
  recipe.key_usage.reset();
  recipe.extended_key_usage.clear();
  lab.bad(FaultContext::plan(make_self_signed(recipe, lab.key()), {}));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_self_signed_ca_leaf{.id = "self-signed-ca-leaf",
                                                          .summary_key = "lab.self-signed-ca-leaf",
                                                          .cause = "self-signed-server",
                                                          .start = start};

}  // namespace medic::lab
