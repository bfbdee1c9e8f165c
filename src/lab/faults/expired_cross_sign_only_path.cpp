#include "lab/cross_signed.h"
#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const CrossSigned pki = make_cross_signed(lab);
  const std::string both = certificate_pem(pki.old_root) + certificate_pem(pki.new_root);
  Site& bad = lab.bad(FaultContext::plan(pki.leaf, {pki.issuer, pki.cross}));
  bad.ca_pem = certificate_pem(pki.old_root);
  bad.system_pem = both;
  lab.good(FaultContext::plan(pki.leaf, {pki.issuer})).ca_pem = both;
}

}  // namespace

extern constinit const LabFault fault_expired_cross_sign_only_path{
    .id = "expired-cross-sign-only-path",
    .summary_key = "lab.expired-cross-sign-only-path",
    .cause = "expired-root-or-cross-sign",
    .start = start};

}  // namespace medic::lab
