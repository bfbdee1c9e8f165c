#pragma once

// A program run in our place: our standard input, its output to ours as it comes, signals passed
// on, its exit status. What it prints is also given to a listener. Where an output of ours is a
// terminal the program sees a terminal, so that it prints as it always does.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"

namespace medic {

struct PassthroughOutcome {
  int exit_status = 0;  // 128 + signal, as shells count, when a signal ended it
};

// `heard` gets every piece of both outputs, in the order in which they came; it must not block.
// One at a time in a process: signal handlers can reach nothing but a global.
Result<PassthroughOutcome> run_in_our_place(const std::vector<std::string>& argv,
                                            const Environment& environment,
                                            const std::function<void(std::string_view)>& heard);

}  // namespace medic
