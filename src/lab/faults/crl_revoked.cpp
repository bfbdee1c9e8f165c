#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;

// No client on Linux looks by default; Schannel does.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.crl_urls = {lab.published_url("ca.crl")};
  const Identity leaf = lab.issued(recipe);
  const CrlRecipe fresh{.revoked = {},
                        .revoked_at = lab.at() - days{1},
                        .this_update = lab.at() - days{1},
                        .next_update = lab.at() + days{6}};
  CrlRecipe bad = fresh;
  bad.revoked = {leaf.serial};
  lab.publish("ca.crl", "application/pkix-crl", make_crl(lab.intermediate(), bad));
  lab.bad(lab.plan(leaf)).expectation = Expectation::Depends;
  recipe.crl_urls = {lab.published_url("good.crl")};
  lab.publish("good.crl", "application/pkix-crl", make_crl(lab.intermediate(), fresh));
  lab.good(lab.plan(lab.issued(recipe)));
}

}  // namespace

extern constinit const LabFault fault_crl_revoked{.id = "crl-revoked",
                                                  .summary_key = "lab.crl-revoked",
                                                  .cause = "revoked-certificate",
                                                  .start = start};

}  // namespace medic::lab
