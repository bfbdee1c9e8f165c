// GitLab's Code Quality report (its subset of the Code Climate format).

#include <nlohmann/json.hpp>
#include <string>

#include "base/bytes.h"
#include "base/json.h"
#include "report/audit_format.h"

namespace medic::report {
namespace {

using Json = nlohmann::ordered_json;

std::string_view severity_of(audit::Severity severity) {
  switch (severity) {
    case audit::Severity::High:
      return "critical";
    case audit::Severity::Medium:
      return "major";
    case audit::Severity::Low:
      return "minor";
  }
  return "info";
}

std::string write(const audit::AuditReport& report, const AuditView& view) {
  Json all = Json::array();
  for (const audit::Finding& finding : report.findings) {
    all.push_back(
        {{"description", audit_sentence(finding, view.language)},
         {"check_name", finding.rule},
         {"fingerprint", finding.fingerprint},
         {"severity", severity_of(finding.severity)},
         {"location",
          {{"path", escaped(finding.file, 4096)}, {"lines", {{"begin", finding.line}}}}}});
  }
  return json_text(all) + "\n";
}

}  // namespace

extern constinit const AuditFormat audit_format_gitlab{.id = "gitlab", .write = write};

}  // namespace medic::report
