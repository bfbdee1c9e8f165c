#pragma once

// Completion scripts, written from the command table.

#include <string>

namespace medic::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace medic::cli
