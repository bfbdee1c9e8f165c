#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;
using std::chrono::hours;

// No client on Linux asks by default.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.ocsp_urls = {lab.published_url("ocsp")};
  const Identity leaf = lab.issued(recipe);
  const OcspRecipe fresh{.status = OcspStatus::Good,
                         .revoked_at = lab.at() - days{1},
                         .produced_at = lab.at() - hours{1},
                         .this_update = lab.at() - hours{1},
                         .next_update = lab.at() + days{7}};
  OcspRecipe revoked = fresh;
  revoked.status = OcspStatus::Revoked;
  lab.publish("ocsp", "application/ocsp-response",
              make_ocsp_response(lab.intermediate(), leaf, revoked));
  lab.bad(lab.plan(leaf)).expectation = Expectation::Depends;
  recipe.ocsp_urls = {lab.published_url("ocsp-good")};
  const Identity valid = lab.issued(recipe);
  lab.publish("ocsp-good", "application/ocsp-response",
              make_ocsp_response(lab.intermediate(), valid, fresh));
  lab.good(lab.plan(valid));
}

}  // namespace

extern constinit const LabFault fault_ocsp_revoked_responder{
    .id = "ocsp-revoked-responder",
    .summary_key = "lab.ocsp-revoked-responder",
    .cause = "revoked-certificate",
    .start = start};

}  // namespace medic::lab
