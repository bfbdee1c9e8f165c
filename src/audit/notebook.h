#pragma once

// Jupyter notebooks (nbformat 4): the Python of the code cells, with the lines of the file.

#include <vector>

#include "audit/finding.h"
#include "audit/rule.h"
#include "audit/source.h"

namespace medic::audit {

void find_in_notebook(const Source& source, const std::vector<const Rule*>& rules,
                      std::vector<Finding>& findings);

}  // namespace medic::audit
