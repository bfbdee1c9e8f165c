// JUnit's XML, which every CI system shows: one test case a finding, failed.

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "report/audit_format.h"

namespace medic::report {
namespace {

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : escaped(text, 4000)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string write(const audit::AuditReport& report, const AuditView& view) {
  const std::size_t count = report.findings.size();
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format(
      "<testsuites>\n  <testsuite name=\"tlsmedic audit\" tests=\"{}\" failures=\"{}\">\n",
      count == 0 ? 1 : count, count);
  if (count == 0) {
    out += "    <testcase classname=\"tlsmedic.audit\" name=\"no finding\"/>\n";
  }
  for (const audit::Finding& finding : report.findings) {
    const audit::RuleText& text = audit_text_of(finding, view.language);
    out +=
        fmt::format("    <testcase classname=\"{}\" name=\"{}:{} {}\" file=\"{}\" line=\"{}\">\n",
                    xml(finding.rule), xml(finding.file), finding.line, xml(finding.rule),
                    xml(finding.file), finding.line);
    out += fmt::format("      <failure type=\"{}\" message=\"{}\">",
                       audit::severity_id(finding.severity),
                       xml(audit_sentence(finding, view.language)));
    out += fmt::format("{}:{}: {}\n{}\n{}\n", xml(finding.file), finding.line, xml(finding.excerpt),
                       xml(text.why), xml(text.fix));
    out += "</failure>\n    </testcase>\n";
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace

extern constinit const AuditFormat audit_format_junit{.id = "junit", .write = write};

}  // namespace medic::report
