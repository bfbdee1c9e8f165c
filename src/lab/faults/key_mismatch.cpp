#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  lab.good(plan);
  plan.shown.key = make_mismatched_key(lab.key(), lab.key(1));
  lab.bad(plan);
}

}  // namespace

extern constinit const LabFault fault_key_mismatch{.id = "key-mismatch",
                                                   .summary_key = "lab.key-mismatch",
                                                   .cause = "server-crash-or-limits",
                                                   .start = start};

}  // namespace medic::lab
