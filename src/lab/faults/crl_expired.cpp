#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;

// Nothing fails as long as revocation is not checked, so the site itself counts as healthy.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.crl_urls = {lab.published_url("ca.crl")};
  const Identity leaf = lab.issued(recipe);
  const CrlRecipe fresh{.revoked = {},
                        .revoked_at = lab.at() - days{1},
                        .this_update = lab.at() - days{1},
                        .next_update = lab.at() + days{6}};
  CrlRecipe bad = fresh;
  bad.this_update = lab.at() - days{30};
  bad.next_update = lab.at() - days{23};
  lab.publish("ca.crl", "application/pkix-crl", make_crl(lab.intermediate(), bad));
  lab.bad(lab.plan(leaf)).expectation = Expectation::Depends;
  recipe.crl_urls = {lab.published_url("good.crl")};
  lab.publish("good.crl", "application/pkix-crl", make_crl(lab.intermediate(), fresh));
  lab.good(lab.plan(lab.issued(recipe)));
}

}  // namespace

extern constinit const LabFault fault_crl_expired{
    .id = "crl-expired", .summary_key = "lab.crl-expired", .cause = "healthy", .start = start};

}  // namespace medic::lab
