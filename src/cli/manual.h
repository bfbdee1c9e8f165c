#pragma once

// The manual, written from the command table and the message files: roff for man(1), Markdown for
// docs/commands.

#include <string>

#include "cli/command.h"

namespace medic::cli {

std::string manual_page(text::Language language);
// docs/commands/<name>.md; a blank in the name becomes '-'.
std::string command_page(const Command& command, text::Language language);
std::string command_file_name(const Command& command);
// docs/commands/README.md: one line for each command.
std::string command_index(text::Language language);

}  // namespace medic::cli
