#pragma once

// What the build asks of the data: every file parses, every id that is named exists, and every
// signature finds its own [[match]] lines and leaves its [[no_match]] lines alone.

#include <span>
#include <string>
#include <vector>

#include "base/embedded.h"

namespace medic::explain {

// "file: what was expected" for every problem; empty: the data is sound. `files`: data_files() or
// the like; the [[match]] lines are searched with databases made from them.
std::vector<std::string> data_problems(std::span<const EmbeddedFile> files);

}  // namespace medic::explain
