#pragma once

// What no single file can show: parents, remedies, symptoms and products that are named must exist.
// Run at build time over the embedded files (tools/catalogue.cpp) and by tests over small wrong
// ones.

#include <span>
#include <string>
#include <vector>

#include "base/embedded.h"

namespace medic::catalogue {

// Every problem of every file, as "file:line: key: what was expected"; empty: the catalogue is
// sound.
std::vector<std::string> catalogue_problems(std::span<const EmbeddedFile> files);

}  // namespace medic::catalogue
