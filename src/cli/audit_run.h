#pragma once

// What `tlsmedic audit` does around the audit itself: which files, which findings count.

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "base/environment.h"
#include "base/error.h"
#include "report/audit_format.h"

namespace medic::cli {

// The files that git sees changed since `revision`, committed or not, as real absolute paths.
Result<std::set<std::string, std::less<>>> changed_since(const std::string& revision,
                                                         const std::filesystem::path& directory);

// Fingerprints that an earlier `audit --format json` (or --write-baseline) holds.
Result<std::set<std::string, std::less<>>> read_baseline(const std::filesystem::path& path);

// Takes out what is less severe or known, and counts it.
void keep_new(audit::AuditReport& report, audit::Severity minimum,
              const std::set<std::string, std::less<>>& baseline, report::AuditView& view);

}  // namespace medic::cli
