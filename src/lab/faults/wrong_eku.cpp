#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.extended_key_usage = {std::string(kClientAuth)};
  lab.bad(lab.plan(lab.issued(recipe)));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_wrong_eku{.id = "wrong-eku",
                                                .summary_key = "lab.wrong-eku",
                                                .cause = "server-cert-misissued",
                                                .start = start};

}  // namespace medic::lab
