#include "lab/fault_context.h"

namespace medic::lab {
namespace {

// No ECDSA signature names MD5, so the issuer has an RSA key.
void start(FaultContext& lab) {
  const Identity issuer =
      make_certificate(lab.authority("MD5 intermediate"), lab.key(0, KeyKind::Rsa2048), lab.root());
  Recipe recipe = lab.leaf();
  lab.good(FaultContext::plan(make_certificate(recipe, lab.key(), issuer), {issuer}));
  recipe.hash = Hash::Md5;
  lab.bad(FaultContext::plan(make_certificate(recipe, lab.key(), issuer), {issuer}));
}

}  // namespace

extern constinit const LabFault fault_md5_signature{.id = "md5-signature",
                                                    .summary_key = "lab.md5-signature",
                                                    .cause = "weak-server-certificate",
                                                    .start = start};

}  // namespace medic::lab
