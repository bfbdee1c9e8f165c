#pragma once

// The rules that need to know what a Python file does.

#include <string_view>
#include <vector>

#include "audit/finding.h"
#include "audit/python_program.h"
#include "audit/rule.h"
#include "audit/source.h"

namespace medic::audit {

// data/audit/python.toml, parsed once.
const PythonKnowledge& python_knowledge();

// Findings in the order of the text, one a rule and place. `hit` are the rules whose words the file
// holds.
void find_in_python(const Source& source, const std::vector<const Rule*>& hit,
                    std::vector<Finding>& findings);

}  // namespace medic::audit
