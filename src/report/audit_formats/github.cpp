// Workflow commands of GitHub Actions: annotations on the lines of a pull request.

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "report/audit_format.h"

namespace medic::report {
namespace {

// GitHub's documentation, "Workflow commands": % and line ends are encoded; in properties ':' and
// ',' too.
std::string encoded(std::string_view text, std::string_view also) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || also.find(c) != std::string_view::npos) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view command_of(audit::Severity severity) {
  switch (severity) {
    case audit::Severity::High:
      return "error";
    case audit::Severity::Medium:
      return "warning";
    case audit::Severity::Low:
      return "notice";
  }
  return "notice";
}

std::string write(const audit::AuditReport& report, const AuditView& view) {
  std::string out;
  for (const audit::Finding& finding : report.findings) {
    const audit::RuleText& text = audit_text_of(finding, view.language);
    out += fmt::format(
        "::{} file={},line={},col={},endLine={},title={}::{}\n", command_of(finding.severity),
        encoded(finding.file, ":,"), finding.line, finding.column, finding.end_line,
        encoded(finding.rule, ":,"),
        encoded(audit_sentence(finding, view.language) + "\n" + text.why + "\n" + text.fix, ""));
  }
  return out;
}

}  // namespace

extern constinit const AuditFormat audit_format_github{.id = "github", .write = write};

}  // namespace medic::report
