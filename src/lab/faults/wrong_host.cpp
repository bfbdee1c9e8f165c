#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  lab.bad(lab.plan(lab.issued(leaf_recipe("shop.example.test", lab.at()))));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_wrong_host{.id = "wrong-host",
                                                 .summary_key = "lab.wrong-host",
                                                 .cause = "hostname-mismatch",
                                                 .start = start};

}  // namespace medic::lab
