#pragma once

// What the faults about interception share: a box on the way that re-signs.

#include "lab/fault_context.h"

namespace medic::lab {

// The CA of such a box, by its plain name.
Identity make_gateway(const FaultContext& lab);

// The site through a CONNECT proxy that re-signs with `gateway`, and its twin through an honest
// one. The site is for setting what the system trusts.
Site& add_intercepted_sites(FaultContext& lab, const Identity& gateway);

}  // namespace medic::lab
