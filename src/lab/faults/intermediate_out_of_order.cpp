#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// RFC 8446 section 4.4.2: clients should be prepared for any order; TLS 1.2 demanded the right one.
void start(FaultContext& lab) {
  Recipe upper_recipe = lab.authority("upper intermediate");
  upper_recipe.basic_constraints = ca_constraints(1);
  const Identity upper = make_certificate(upper_recipe, lab.key(1), lab.root());
  const Identity lower = make_certificate(lab.authority("lower intermediate"), lab.key(2), upper);
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), lower);
  lab.bad(FaultContext::plan(leaf, {upper, lower})).expectation = Expectation::ShouldAccept;
  lab.good(FaultContext::plan(leaf, {lower, upper}));
}

}  // namespace

extern constinit const LabFault fault_intermediate_out_of_order{
    .id = "intermediate-out-of-order",
    .summary_key = "lab.intermediate-out-of-order",
    .cause = "healthy",
    .start = start};

}  // namespace medic::lab
