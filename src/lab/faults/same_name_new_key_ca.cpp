#include "lab/fault_context.h"

namespace medic::lab {
namespace {

void start(FaultContext& lab) {
  const Recipe recipe = lab.anchor("rotated root");
  const Identity old_root = make_self_signed(recipe, lab.key(1));
  const Identity new_root = make_self_signed(recipe, lab.key(2));
  const Identity issuer =
      make_certificate(lab.authority("below rotated root"), lab.key(3), new_root);
  const Identity leaf = make_certificate(lab.leaf(), lab.key(), issuer);
  Site& bad = lab.bad(FaultContext::plan(leaf, {issuer}));
  bad.ca_pem = certificate_pem(old_root);
  bad.system_pem = certificate_pem(new_root);
  lab.good(FaultContext::plan(leaf, {issuer})).ca_pem = certificate_pem(new_root);
}

}  // namespace

extern constinit const LabFault fault_same_name_new_key_ca{
    .id = "same-name-new-key-ca",
    .summary_key = "lab.same-name-new-key-ca",
    .cause = "stale-ca-bundle",
    .start = start};

}  // namespace medic::lab
