#pragma once

// Where a source tree weakens the verification of certificates.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/finding.h"
#include "audit/language.h"
#include "audit/rule.h"
#include "audit/walk.h"
#include "base/error.h"
#include "base/time.h"

namespace medic::audit {

struct AuditRequest {
  std::vector<std::filesystem::path> paths;  // empty: the current directory
  Ignored ignored = Ignored::LeftOut;
  // Only these files, by their real absolute paths; none: all.
  std::optional<std::set<std::string, std::less<>>> only;
  Time today{};
  unsigned threads = 1;
  const std::atomic<bool>* stop = nullptr;
};

struct AuditReport {
  std::vector<Finding> findings;  // by file and place
  std::vector<Allowance> allowances;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t files_hit = 0;  // ... that held a word of a rule
  std::uint64_t too_big = 0;
  std::vector<std::string> unreadable;
  bool cut = false;  // stopped, or more files than we read
};

Result<AuditReport> audit(const AuditRequest& request);

// One text; `language` null: by its path and first line.
struct TextAudit {
  std::vector<Finding> findings;
  std::vector<Allowance> allowances;
};
TextAudit audit_text(std::string_view path, std::string_view text, const Language* language,
                     const std::vector<const Rule*>& rules, Time today);

// The same with every rule: for tests, and for the ones who have a text and no tree.
TextAudit audit_text(std::string_view path, std::string_view text, Time today);

// Numbers findings that are alike and names each (Finding::fingerprint).
void name_findings(std::vector<Finding>& findings);

}  // namespace medic::audit
