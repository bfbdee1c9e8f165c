#pragma once

// What of a pattern is searched in raw text.

#include <string>
#include <vector>

#include "explain/pattern.h"

namespace medic::explain {

// One or two pieces of a pattern's literals as they are written, apart from each other, so that one
// cut (a line end, an escape) leaves the other whole. Free of characters that are often escaped.
std::vector<std::string> gate_pieces(const Pattern& pattern);

}  // namespace medic::explain
