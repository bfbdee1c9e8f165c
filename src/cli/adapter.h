#pragma once

// From words to the arguments of one command. adapter.cpp is the only file that includes CLI11: the
// parser is built from the command's record, so a new command never touches it.

#include <span>
#include <string>

#include "cli/command.h"
#include "cli/usage_problem.h"

namespace medic::cli {

// `words` are those after the command's name; `globals` are accepted beside the command's own
// options. Whatever stands behind "--" goes to the positionals as it is. With --help among the
// words nothing is required and nothing is refused.
Parsed<Args> parse_arguments(const Command& command, std::span<const Option> globals,
                             std::span<const std::string> words);

}  // namespace medic::cli
