#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;

void start(FaultContext& lab) {
  Recipe early = lab.leaf();
  early.not_before = lab.at() + days{2};
  lab.bad(lab.plan(lab.issued(early)));
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_not_yet_valid{.id = "not-yet-valid",
                                                    .summary_key = "lab.not-yet-valid",
                                                    .cause = "not-yet-valid-certificate",
                                                    .start = start};

}  // namespace medic::lab
