#pragma once

// Words and quotes. Internal to this module.

#include <string>
#include <string_view>
#include <vector>

namespace medic::settings {

// Blank-separated words; "…" and '…' keep blanks together, a backslash the next character.
std::vector<std::string> quoted_words(std::string_view text);

// Is this a name that a program can have in its environment?
bool is_variable_name(std::string_view name);

// Holds '$' followed by what a shell would replace.
bool has_expansion(std::string_view text);
// The same, and of the simple kind only: $NAME and ${NAME}.
bool has_only_names(std::string_view text);

}  // namespace medic::settings
