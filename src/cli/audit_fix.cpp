#include "cli/audit_fix.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "base/bytes.h"
#include "cli/cure.h"
#include "cli/cure_apply.h"
#include "remedy/diff.h"
#include "remedy/engine.h"

namespace medic::cli {
namespace {

namespace fs = std::filesystem;
using audit::Edit;
using audit::Finding;

using ByRule = std::map<std::string, std::size_t, std::less<>>;

ByRule counted(const std::vector<Finding>& findings) {
  ByRule count;
  for (const Finding& finding : findings) {
    ++count[finding.rule];
  }
  return count;
}

// The text with every edit, or none where two overlap or one lies outside.
std::optional<std::string> edited(const std::string& text, std::vector<Edit> edits) {
  std::ranges::sort(edits, {}, &Edit::begin);
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < at || edit.end < edit.begin || edit.end > text.size()) {
      return std::nullopt;
    }
    out += text.substr(at, edit.begin - at) + edit.text;
    at = edit.end;
  }
  return out + text.substr(at);
}

// Empty: the new text has lost these findings and gained none.
std::string still_wrong(const std::string& file, const std::string& before,
                        const std::string& after, const std::vector<const Finding*>& fixed,
                        Time today) {
  ByRule expected = counted(audit::audit_text(file, before, today).findings);
  for (const Finding* finding : fixed) {
    std::size_t& count = expected[finding->rule];
    if (count == 0) {
      return "the file has changed since it was read";
    }
    --count;
  }
  for (const auto& [rule, count] : counted(audit::audit_text(file, after, today).findings)) {
    const auto known = expected.find(rule);
    if (known == expected.end() || count > known->second) {
      return fmt::format("{} would still be found in it", rule);
    }
  }
  return {};
}

// Adds the step for one file, or says why not.
std::string plan_file(const std::string& file, const std::vector<const Finding*>& findings,
                      const remedy::Tree& tree, Time today, AuditFixes& fixes) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error) {
    return error.message();
  }
  const auto state = tree.look(real.generic_string());
  if (!state) {
    return state.error().what;
  }
  const auto* const now = std::get_if<remedy::File>(&*state);
  if (now == nullptr) {
    return "not a file";
  }
  std::vector<Edit> edits;
  for (const Finding* finding : findings) {
    edits.insert(edits.end(), finding->edits.begin(), finding->edits.end());
  }
  const auto text = edited(now->bytes, std::move(edits));
  if (!text) {
    return "two rewrites overlap";
  }
  if (std::string why = still_wrong(file, now->bytes, *text, findings, today); !why.empty()) {
    return why;
  }
  remedy::File then = *now;
  then.bytes = *text;
  then.mtime_ns = 0;
  fixes.plan.steps.push_back({.kind = remedy::StepKind::ReplaceFile,
                              .path = real.generic_string(),
                              .before = *now,
                              .after = std::move(then)});
  fixes.fixed += findings.size();
  return {};
}

}  // namespace

Result<AuditFixes> audit_fixes(const audit::AuditReport& report, const remedy::Tree& tree,
                               Time today) {
  std::map<std::string, std::vector<const Finding*>> by_file;
  for (const Finding& finding : report.findings) {
    if (!finding.edits.empty()) {
      by_file[finding.file].push_back(&finding);
    }
  }
  AuditFixes fixes;
  fixes.plan = {.remedy = "enable-verification", .cause = "verification-disabled-on-purpose"};
  for (const auto& [file, findings] : by_file) {
    if (const std::string why = plan_file(file, findings, tree, today, fixes); !why.empty()) {
      fixes.left.push_back(fmt::format("{}: {}", escaped(file), why));
    }
  }
  return fixes;
}

Result<std::size_t> apply_fixes(const audit::AuditReport& report, const Args& args, Io& io) {
  MEDIC_TRY(const Patient patient, patient_of(args, io));
  MEDIC_TRY(const AuditFixes fixes, audit_fixes(report, patient.tree, io.clock->now()));
  for (const std::string& file : fixes.left) {
    io.err << io.message("audit.fix_left", {{"file", file}}) << '\n';
  }
  if (fixes.plan.steps.empty()) {
    io.err << io.message("audit.fix_none") << '\n';
    return 0;
  }
  for (const remedy::Step& step : fixes.plan.steps) {
    io.out << remedy::unified_diff(std::get<remedy::File>(step.before).bytes,
                                   std::get<remedy::File>(step.after).bytes, escaped(step.path));
  }
  if (auto yes = agreed(args.flag("--yes"), io); !yes) {
    Error error = std::move(yes).error();
    error.next_step = "tlsmedic audit --fix --yes";
    return std::unexpected(std::move(error));
  }
  MEDIC_TRY(remedy::Journal journal, remedy::Journal::open(patient.journal));
  remedy::Engine engine(patient.tree, journal);
  MEDIC_TRY(const remedy::Outcome outcome, engine.apply(fixes.plan, io.clock->now()));
  io.err << io.message("audit.fix_done", {{"count", fmt::format("{}", fixes.fixed)},
                                          {"files", fmt::format("{}", fixes.plan.steps.size())},
                                          {"entry", outcome.entry}})
         << '\n';
  return fixes.fixed;
}

}  // namespace medic::cli
