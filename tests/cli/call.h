#pragma once

// The program called in-process, with its streams as strings.

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/program.h"

namespace medic::cli {

struct Answer {
  ExitCode code = ExitCode::Bug;
  std::string out;
  std::string err;
};

inline Answer call(const std::vector<std::string>& words, Environment environment = {},
                   bool terminal = false, const std::string& input = {}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Io io{.out = out, .err = err, .out_is_terminal = terminal};
  io.in = &in;
  io.environment = std::move(environment);
  const ExitCode code = run_program(words, io);
  return {.code = code, .out = out.str(), .err = err.str()};
}

}  // namespace medic::cli
