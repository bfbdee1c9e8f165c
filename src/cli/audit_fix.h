#pragma once

// The rewrites that an audit proposes, as one plan for the remedy engine: shown, agreed to,
// journalled, undone by `tlsmedic undo` like every other change.

#include <string>
#include <vector>

#include "audit/audit.h"
#include "cli/command.h"
#include "remedy/plan.h"
#include "remedy/tree.h"

namespace medic::cli {

struct AuditFixes {
  remedy::Plan plan;
  std::size_t fixed = 0;          // findings that the plan takes away
  std::vector<std::string> left;  // files that stay as they are, each with the reason
};

// Only findings with a rewrite, and of a file only all of them or none: the text that comes out is
// audited again, and must have lost them without gaining another.
Result<AuditFixes> audit_fixes(const audit::AuditReport& report, const remedy::Tree& tree,
                               Time today);

// `audit --fix`: shows the plan, asks, applies it. How many findings it took away.
Result<std::size_t> apply_fixes(const audit::AuditReport& report, const Args& args, Io& io);

}  // namespace medic::cli
