#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  TlsPlan plan = lab.good_plan();
  lab.good(plan);
  plan.groups = "P-384";
  lab.bad(plan).expectation = Expectation::ShouldAccept;
}

}  // namespace

extern constinit const LabFault fault_p384_only{
    .id = "p384-only", .summary_key = "lab.p384-only", .cause = "healthy", .start = start};

}  // namespace medic::lab
