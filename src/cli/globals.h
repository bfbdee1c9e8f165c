#pragma once

// The options that every command accepts, and what the environment says where they are silent.

#include <span>
#include <string>

#include "base/environment.h"
#include "cli/command.h"
#include "cli/usage_problem.h"

namespace medic::cli {

std::span<const Option> global_options();

// --lang among the words (wherever it stands, so that even a broken command line is answered in the
// reader's language), else LC_ALL, LC_MESSAGES, LANG in the order of POSIX.
text::Language language_of(std::span<const std::string> words, const Environment& environment);

// --color, else whether standard output is a terminal that wants colours (no-color.org, TERM=dumb).
bool color_wanted(const Args& args, const Environment& environment, bool out_is_terminal);

}  // namespace medic::cli
