#include "lab/fault_context.h"

namespace medic::lab {
namespace {

using std::chrono::days;
using std::chrono::hours;

// GnuTLS, Firefox, Chromium and Perl look at a stapled answer; most other clients do not.
void start(FaultContext& lab) {
  const Recipe recipe = lab.leaf();
  const Identity leaf = lab.issued(recipe);
  const OcspRecipe fresh{.status = OcspStatus::Good,
                         .revoked_at = lab.at() - days{1},
                         .produced_at = lab.at() - hours{1},
                         .this_update = lab.at() - hours{1},
                         .next_update = lab.at() + days{7}};
  OcspRecipe revoked = fresh;
  revoked.status = OcspStatus::Revoked;
  TlsPlan bad = lab.plan(leaf);
  bad.ocsp_staple = make_ocsp_response(lab.intermediate(), leaf, revoked);
  lab.bad(bad).expectation = Expectation::Depends;
  TlsPlan good = lab.plan(leaf);
  good.ocsp_staple = make_ocsp_response(lab.intermediate(), leaf, fresh);
  lab.good(good);
}

}  // namespace

extern constinit const LabFault fault_ocsp_revoked_stapled{
    .id = "ocsp-revoked-stapled",
    .summary_key = "lab.ocsp-revoked-stapled",
    .cause = "revoked-certificate",
    .start = start};

}  // namespace medic::lab
