#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;

// 398 days since 2020-09-01 for public roots (CA/Browser Forum); Apple allows 825 for private ones;
// other clients do not count for private roots.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.not_before = lab.at() - days{10};
  recipe.not_after = lab.at() + days{990};
  lab.bad(lab.plan(lab.issued(recipe))).expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_validity_too_long{.id = "validity-too-long",
                                                        .summary_key = "lab.validity-too-long",
                                                        .cause = "healthy",
                                                        .start = start};

}  // namespace medic::lab
