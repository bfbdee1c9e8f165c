#pragma once

// Programs of others, run without a shell, bounded in time and output, in a process group of their
// own that is ended as a whole.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"

namespace medic {

struct ProcessRequest {
  std::vector<std::string> argv;           // argv[0] is looked for in PATH unless it holds a '/'
  std::optional<Environment> environment;  // none: ours
  std::filesystem::path directory;         // empty: ours
  std::string input;                       // its standard input; then end of file
  std::chrono::milliseconds deadline{30000};
  std::size_t max_output_bytes = std::size_t{1} << 20U;  // of each stream; more is read and dropped
  // Asked about ten times a second; true ends the process as the deadline does (Ctrl-C).
  std::function<bool()> cancelled;
};

struct ProcessOutcome {
  int exit_status = 0;  // 128 + signal, as shells count, when a signal ended it
  int signal = 0;       // 0: it ended by itself
  bool timed_out = false;
  bool cancelled = false;
  bool output_cut = false;
  std::string out;
  std::string err;
  std::chrono::milliseconds took{};
};

// Runs to the end or to the deadline (then SIGTERM to the group, and SIGKILL half a second later).
// A program that fails is an outcome; an Error means that it could not be started. When it ends,
// what is left of its process group is ended too.
Result<ProcessOutcome> run_process(const ProcessRequest& request);

// The path of `program` in `path_variable` ("/usr/bin:/bin"), or none.
std::optional<std::filesystem::path> find_program(std::string_view program,
                                                  std::string_view path_variable);

}  // namespace medic
