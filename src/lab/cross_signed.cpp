#include "lab/cross_signed.h"

namespace medic::lab {

CrossSigned make_cross_signed(const FaultContext& lab) {
  CrossSigned pki;
  pki.old_root = make_self_signed(lab.anchor("old root"), FaultContext::key(1));
  const Recipe recipe = lab.anchor("new root");
  pki.new_root = make_self_signed(recipe, FaultContext::key(2));
  Recipe cross = recipe;
  cross.not_after = lab.at() - std::chrono::days{5};
  pki.cross = make_certificate(cross, pki.new_root.key, pki.old_root);
  pki.issuer =
      make_certificate(lab.authority("below new root"), FaultContext::key(3), pki.new_root);
  pki.leaf = make_certificate(lab.leaf(), FaultContext::key(), pki.issuer);
  return pki;
}

}  // namespace medic::lab
