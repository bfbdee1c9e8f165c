#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  lab.bad(FaultContext::plan(make_self_signed(lab.leaf(), lab.key()), {}));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_self_signed_leaf{.id = "self-signed-leaf",
                                                       .summary_key = "lab.self-signed-leaf",
                                                       .cause = "self-signed-server",
                                                       .start = start};

}  // namespace medic::lab
