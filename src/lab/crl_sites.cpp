#include "lab/crl_sites.h"

namespace medic::lab {

using std::chrono::days;

void add_crl_sites(FaultContext& lab,
                   const std::function<void(CrlRecipe& recipe, const Identity& leaf)>& spoil) {
  Recipe recipe = lab.leaf();
  recipe.crl_urls = {lab.published_url("ca.crl")};
  const Identity leaf = lab.issued(recipe);
  const CrlRecipe fresh{.revoked = {},
                        .revoked_at = lab.at() - days{1},
                        .this_update = lab.at() - days{1},
                        .next_update = lab.at() + days{6}};
  CrlRecipe bad = fresh;
  spoil(bad, leaf);
  lab.publish("ca.crl", "application/pkix-crl", make_crl(lab.intermediate(), bad));
  lab.bad(lab.plan(leaf)).expectation = Expectation::Depends;
  recipe.crl_urls = {lab.published_url("good.crl")};
  lab.publish("good.crl", "application/pkix-crl", make_crl(lab.intermediate(), fresh));
  lab.good(lab.plan(lab.issued(recipe)));
}

}  // namespace medic::lab
