#pragma once

// Rules over tokens, commands, variables and keys: everything but Python's meaning.

#include <string_view>
#include <vector>

#include "audit/finding.h"
#include "audit/language.h"
#include "audit/rule.h"
#include "audit/source.h"

namespace medic::audit {

// `rules`: those whose words the file holds. Findings of one rule at one place come once.
void find_in_tokens(const Source& source, const Language& language,
                    const std::vector<const Rule*>& rules, std::vector<Finding>& findings);
void find_in_script(const Source& source, const Language& language,
                    const std::vector<const Rule*>& rules, std::vector<Finding>& findings);
void find_in_settings(const Source& source, const Language& language,
                      const std::vector<const Rule*>& rules, std::vector<Finding>& findings);

// One command; `words` have offsets into the source. For callers that find commands elsewhere.
struct ScriptCommand;
void judge_command(const Source& source, const ScriptCommand& command,
                   const std::vector<const Rule*>& rules, std::vector<Finding>& findings);

// Whether `value` is one of the rule's for a variable of this name.
bool variable_is_bad(const EnvironmentRule& rule, std::string_view name, std::string_view value);

}  // namespace medic::audit
