#pragma once

// The whole program but for the process around it: finds the command, parses, runs, prints the
// error. Tests call it with string streams.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace medic::cli {

// `words` are the arguments after the program's name. `io` holds the streams, the environment and
// what is known of the terminal; language, colour, quiet, json and clock are set here from the
// options.
ExitCode run_program(std::span<const std::string> words, Io& io);

std::string_view program_version();
// "tlsmedic 0.1.0": who wrote a file.
std::string program_and_version();

// The command named by the first one or two of `words`, longest first ("lab serve" before "lab").
const Command* find_command(std::string_view name);

}  // namespace medic::cli
