#include "base/json.h"

#include <nlohmann/json.hpp>
#include <string>

#include "base/bytes.h"
#include "report/audit_format.h"

namespace medic::report {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(escaped(text, 4096));
}

Json finding_of(const audit::Finding& finding, text::Language language) {
  const audit::RuleText& text = audit_text_of(finding, language);
  return {{"rule", finding.rule},
          {"severity", audit::severity_id(finding.severity)},
          {"file", escaped(finding.file, 4096)},
          {"line", finding.line},
          {"column", finding.column},
          {"end_line", finding.end_line},
          {"end_column", finding.end_column},
          {"excerpt", escaped(finding.excerpt)},
          {"origin_line", finding.origin_line > 0 ? Json(finding.origin_line) : Json()},
          {"in_tests", finding.in_tests},
          {"text", audit_sentence(finding, language)},
          {"why", text.why},
          {"fix", text.fix},
          {"diff", or_null(audit_diff(finding))},
          {"fingerprint", finding.fingerprint}};
}

Json allowance_of(const audit::Allowance& allowance) {
  return {{"file", escaped(allowance.file, 4096)},
          {"line", allowance.line},
          {"rule", or_null(allowance.rule)},
          {"until", or_null(allowance.until)},
          {"because", or_null(allowance.because)},
          {"state", allowance.incomplete ? "incomplete"
                    : allowance.expired  ? "expired"
                    : allowance.used     ? "used"
                                         : "unused"}};
}

std::string write(const audit::AuditReport& report, const AuditView& view) {
  Json findings = Json::array();
  for (const audit::Finding& finding : report.findings) {
    findings.push_back(finding_of(finding, view.language));
  }
  Json allowances = Json::array();
  for (const audit::Allowance& allowance : report.allowances) {
    allowances.push_back(allowance_of(allowance));
  }
  Json unreadable = Json::array();
  for (const std::string& path : report.unreadable) {
    unreadable.push_back(escaped(path, 4096));
  }
  const Json document = {{"schema", "tlsmedic.audit/1"}, {"program", "tlsmedic " + view.version},
                         {"findings", findings},         {"allowances", allowances},
                         {"files", report.files},        {"files_bytes", report.bytes},
                         {"below_severity", view.below}, {"in_baseline", view.baseline},
                         {"too_big", report.too_big},    {"unreadable", unreadable},
                         {"complete", !report.cut}};
  return json_text(document) + "\n";
}

}  // namespace

extern constinit const AuditFormat audit_format_json{.id = "json", .write = write};

}  // namespace medic::report
