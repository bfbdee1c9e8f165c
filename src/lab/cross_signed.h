#pragma once

// A root that was cross-signed by an older one, where the cross-sign has expired.

#include "lab/fault_context.h"

namespace medic::lab {

struct CrossSigned {
  Identity old_root;
  Identity new_root;
  Identity cross;  // the new root's name and key, issued by the old root; expired
  Identity issuer;
  Identity leaf;
};
CrossSigned make_cross_signed(const FaultContext& lab);

}  // namespace medic::lab
