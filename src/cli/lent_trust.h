#pragma once

// Extended trust for one process and what it starts: nothing lies on a disk, and nothing is left
// when it ends.

#include <optional>
#include <vector>

#include "base/environment.h"
#include "base/files.h"
#include "base/memory_file.h"
#include "cli/command.h"

namespace medic::cli {

struct LentTrust {
  Environment variables;  // to be added to the process's own
  std::vector<MemoryFile> files;
  // Where the system has no files in memory: removed when this ends.
  std::optional<TemporaryDirectory> directory;
};

Result<LentTrust> lend_trust(const Args& args, const Io& io);

}  // namespace medic::cli
