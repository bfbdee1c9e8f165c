#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Identity leaf = lab.good_leaf();
  lab.bad(FaultContext::plan(leaf, {lab.intermediate(), lab.intermediate()})).expectation =
      Expectation::ShouldAccept;
  lab.good(lab.plan(leaf));
}

}  // namespace

extern constinit const LabFault fault_intermediate_duplicated{
    .id = "intermediate-duplicated",
    .summary_key = "lab.intermediate-duplicated",
    .cause = "healthy",
    .start = start};

}  // namespace medic::lab
