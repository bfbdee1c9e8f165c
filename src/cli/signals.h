#pragma once

// Ctrl-C: the first asks the running command to finish with what it knows, the second ends the
// process.

#include <atomic>

namespace medic::cli {

// Also ignores SIGPIPE: a closed pipe is a failed write, not the end of the process. The flag is
// set by SIGINT and SIGTERM. Call once, before threads start.
const std::atomic<bool>& stop_on_signals();

}  // namespace medic::cli
