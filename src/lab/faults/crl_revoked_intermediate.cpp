#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;

// A CA whose own certificate the root has withdrawn, while the leaf names no list: who asks about
// the leaf alone does not see it.
void start(FaultContext& lab) {
  const auto issuer_named_in = [&lab](std::string_view list) {
    Recipe recipe = lab.authority("listed intermediate");
    recipe.crl_urls = {lab.published_url(list)};
    return make_certificate(recipe, FaultContext::key(1), lab.root());
  };
  const auto publish = [&lab](std::string_view list, std::vector<Bytes> revoked) {
    lab.publish(list, "application/pkix-crl",
                make_crl(lab.root(), {.revoked = std::move(revoked),
                                      .revoked_at = lab.at() - days{1},
                                      .this_update = lab.at() - days{1},
                                      .next_update = lab.at() + days{6}}));
  };
  const auto plan_below = [&lab](const Identity& issuer) {
    return FaultContext::plan(make_certificate(lab.leaf(), FaultContext::key(), issuer), {issuer});
  };
  const Identity withdrawn = issuer_named_in("root.crl");
  publish("root.crl", {withdrawn.serial});
  lab.bad(plan_below(withdrawn)).expectation = Expectation::Depends;
  publish("good-root.crl", {});
  lab.good(plan_below(issuer_named_in("good-root.crl")));
}

}  // namespace

extern constinit const LabFault fault_crl_revoked_intermediate{
    .id = "crl-revoked-intermediate",
    .summary_key = "lab.crl-revoked-intermediate",
    .cause = "revoked-certificate",
    .start = start};

}  // namespace medic::lab
