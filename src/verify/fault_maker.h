#pragma once

// Found -> Fault: place, subject and the facts of the sentence.

#include "verify/inputs.h"

namespace medic::verify {

Path made_path(const FoundPath& path, const Inputs& inputs);
Fault made_fault(const Found& found, const FoundPath& path, const Inputs& inputs);

}  // namespace medic::verify
