#pragma once

// `--help`, from the command table and the message files.

#include <string>
#include <string_view>

#include "cli/command.h"

namespace medic::cli {

// All commands, or those of one group ("lab").
std::string program_help(std::string_view group, const Io& io);
std::string help_of(const Command& command, const Io& io);

// "tlsmedic verify [OPTIONS] FILE..." for help, manual and docs.
std::string usage_line(const Command& command);
// "--sni NAME", "-h, --help".
std::string option_label(const Option& option);
// The summary, and the choices when the parser checks them.
std::string option_summary(const Option& option, text::Language language);

}  // namespace medic::cli
