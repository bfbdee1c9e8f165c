#pragma once

// The variables that change what TLS clients trust or how they connect, and what is wrong with
// those that are set.

#include <span>
#include <string_view>
#include <vector>

#include "clients/survey.h"

namespace medic::clients {

enum class VariableKind {
  File,       // of certificates
  Directory,  // a list of them, as the system separates lists
  Output,     // a file that is written
  Config,     // a file of settings
  Text,       // anything else
};

struct Variable {
  std::string_view name;
  VariableKind kind = VariableKind::Text;
  // The value that switches verification off; "*": any but the empty one. Empty: none does.
  std::string_view off_when;
};

std::span<const Variable> known_variables();

// One variable as it was found, with what is wrong with it.
VariableRecord variable_record(Survey& survey, const Variable& variable, const std::string& value,
                               Origin origin);

// Every known variable that is set, with its problems. Passwords in proxy URLs are left out.
std::vector<VariableRecord> survey_variables(Survey& survey);

}  // namespace medic::clients
