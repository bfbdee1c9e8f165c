#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// The certificate names a list, and there is nothing at that address. The twin names none at all.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.crl_urls = {lab.published_url("nothing-here.crl")};
  lab.bad(lab.plan(lab.issued(recipe))).expectation = Expectation::Depends;
  lab.good(lab.good_plan());
}

}  // namespace

extern constinit const LabFault fault_crl_missing{.id = "crl-missing",
                                                  .summary_key = "lab.crl-missing",
                                                  .cause = "revoked-certificate",
                                                  .start = start};

}  // namespace medic::lab
