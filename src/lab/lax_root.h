#pragma once

// What the faults about a root that strict clients refuse share.

#include "lab/fault_context.h"

namespace medic::lab {

// One chain below one key: the site's store holds the root as `lax` says, its twin's as it should
// be.
void add_lax_root_sites(FaultContext& lab, const Recipe& proper, const Recipe& lax);

}  // namespace medic::lab
