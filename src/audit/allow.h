#pragma once

// Justified exceptions in comments:
//   # tlsmedic : allow python-verify-off until 2026-12-31 because ...    (without the first blank)
//   ...
// They need a rule, a date and a reason, hold for their own line and, standing alone, for the next
// one, and end with their date.

#include <string_view>
#include <vector>

#include "audit/finding.h"
#include "audit/source.h"
#include "base/time.h"

namespace medic::audit {

std::vector<Allowance> allowances_in(const Source& source, Time today);

// Takes allowed findings out; marks the allowances that did.
void apply_allowances(std::vector<Allowance>& allowances, const Source& source,
                      std::vector<Finding>& findings);

}  // namespace medic::audit
