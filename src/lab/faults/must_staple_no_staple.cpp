#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;
using std::chrono::hours;

// RFC 7633. GnuTLS and Firefox refuse; the others do not look.
void start(FaultContext& lab) {
  Recipe recipe = lab.leaf();
  recipe.must_staple = true;
  const Identity leaf = lab.issued(recipe);
  const OcspRecipe fresh{.status = OcspStatus::Good,
                         .revoked_at = lab.at() - days{1},
                         .produced_at = lab.at() - hours{1},
                         .this_update = lab.at() - hours{1},
                         .next_update = lab.at() + days{7}};
  lab.bad(lab.plan(leaf)).expectation = Expectation::Depends;
  TlsPlan stapled = lab.plan(leaf);
  stapled.ocsp_staple = make_ocsp_response(lab.intermediate(), leaf, fresh);
  lab.good(stapled);
}

}  // namespace

extern constinit const LabFault fault_must_staple_no_staple{
    .id = "must-staple-no-staple",
    .summary_key = "lab.must-staple-no-staple",
    .cause = "server-cert-misissued",
    .start = start};

}  // namespace medic::lab
