#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// RFC 5280 section 4.2.1.10.
void start(FaultContext& lab) {
  Recipe recipe = lab.authority("constrained intermediate");
  recipe.name_constraints = ConstraintsRecipe{.excluded_dns = {"lab.test"}};
  const Identity forbidden = make_certificate(recipe, lab.key(1), lab.root());
  recipe.name_constraints = ConstraintsRecipe{.excluded_dns = {"excluded.test"}};
  const Identity allowed = make_certificate(recipe, lab.key(1), lab.root());
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), allowed);
  lab.bad(FaultContext::plan(leaf, {forbidden}));
  lab.good(FaultContext::plan(leaf, {allowed}));
}

}  // namespace

extern constinit const LabFault fault_name_constraints_excluded{
    .id = "name-constraints-excluded",
    .summary_key = "lab.name-constraints-excluded",
    .cause = "name-constraints",
    .start = start};

}  // namespace medic::lab
