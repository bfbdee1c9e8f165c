#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  Recipe expired = lab.leaf();
  expired.not_before = lab.at() - std::chrono::days{93};
  expired.not_after = lab.at() - std::chrono::days{3};
  lab.bad(lab.plan(lab.issued(expired)));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_expired_leaf{.id = "expired-leaf",
                                                   .summary_key = "lab.expired-leaf",
                                                   .cause = "expired-certificate",
                                                   .start = start};

}  // namespace medic::lab
