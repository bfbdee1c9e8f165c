#pragma once

// The rules of the engines that we simulate (Go, Java, GnuTLS, webpki, Chromium, NSS): one pass
// over a path, every switch from the profile's data.

#include "verify/inputs.h"

namespace medic::verify {

// Fills path.faults. Expects signatures to be memoised or affordable: one check an edge at most.
void apply_policy(const Inputs& inputs, FoundPath& path);

}  // namespace medic::verify
