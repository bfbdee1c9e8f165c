#include "lab/lax_root.h"

namespace medic::lab {

void add_lax_root_sites(FaultContext& lab, const Recipe& proper, const Recipe& lax) {
  const Identity lax_root = make_self_signed(lax, FaultContext::key(1));
  const Identity proper_root = make_self_signed(proper, FaultContext::key(1));
  const Identity issuer =
      make_certificate(lab.authority("below lax root"), FaultContext::key(2), proper_root);
  const Identity leaf = make_certificate(lab.leaf(), FaultContext::key(), issuer);
  Site& bad = lab.bad(FaultContext::plan(leaf, {issuer}));
  bad.ca_pem = certificate_pem(lax_root);
  bad.expectation = Expectation::Depends;
  lab.good(FaultContext::plan(leaf, {issuer})).ca_pem = certificate_pem(proper_root);
}

}  // namespace medic::lab
