#pragma once

// Hits of one text -> failures. One failure prints many of our signatures: a reason of the library,
// the frame of each client above it, the same again for each retry. What belongs together becomes
// one failure: the most specific words tell the symptom, the outermost client is who printed it.

#include <vector>

#include "explain/matcher.h"
#include "explain/squeezed.h"

namespace medic::explain {

struct Group {
  const Hit* reason = nullptr;     // tells the symptom
  std::vector<const Hit*> others;  // frames and weaker words of the same failure
  std::size_t repeats = 0;         // the reason's own words again
};

// In the order of the reasons. `hits` by begin, and must outlive the groups.
std::vector<Group> grouped(const std::vector<Hit>& hits, const Squeezed& text);

}  // namespace medic::explain
