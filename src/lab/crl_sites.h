#pragma once

// What the faults about revocation lists share.

#include <functional>

#include "lab/fault_context.h"

namespace medic::lab {

// The site whose leaf names a list that `spoil` has spoiled, and its twin with a current, empty
// one. Whether a client looks at all is its own choice: neither answer is wrong.
void add_crl_sites(FaultContext& lab,
                   const std::function<void(CrlRecipe& recipe, const Identity& leaf)>& spoil);

}  // namespace medic::lab
