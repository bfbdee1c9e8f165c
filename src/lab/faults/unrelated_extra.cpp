#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Identity stranger = make_self_signed(lab.anchor("unrelated authority"), lab.key(3));
  const Identity leaf = lab.good_leaf();
  lab.bad(FaultContext::plan(leaf, {lab.intermediate(), stranger})).expectation =
      Expectation::ShouldAccept;
  lab.good(lab.plan(leaf));
}

}  // namespace

extern constinit const LabFault fault_unrelated_extra{.id = "unrelated-extra",
                                                      .summary_key = "lab.unrelated-extra",
                                                      .cause = "healthy",
                                                      .start = start};

}  // namespace medic::lab
