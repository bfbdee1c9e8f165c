#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Identity leaf = lab.good_leaf();
  lab.bad(FaultContext::plan(leaf, {lab.intermediate(), lab.root()})).expectation =
      Expectation::ShouldAccept;
  lab.good(lab.plan(leaf));
}

}  // namespace

extern constinit const LabFault fault_root_included{
    .id = "root-included", .summary_key = "lab.root-included", .cause = "healthy", .start = start};

}  // namespace medic::lab
