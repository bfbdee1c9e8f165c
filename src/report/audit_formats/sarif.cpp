// SARIF 2.1.0 (OASIS): what GitHub, GitLab, Azure DevOps and editors read.

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "audit/rule.h"
#include "base/bytes.h"
#include "base/json.h"
#include "report/audit_format.h"

namespace medic::report {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level_of(audit::Severity severity) {
  switch (severity) {
    case audit::Severity::High:
      return "error";
    case audit::Severity::Medium:
      return "warning";
    case audit::Severity::Low:
      return "note";
  }
  return "none";
}

// GitHub's scale for security results, from 0.1 to 10.
std::string_view score_of(audit::Severity severity) {
  switch (severity) {
    case audit::Severity::High:
      return "8.1";
    case audit::Severity::Medium:
      return "5.9";
    case audit::Severity::Low:
      return "3.1";
  }
  return "0.1";
}

// RFC 3986: everything but unreserved characters and '/' is encoded.
std::string uri_of(const std::string& path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      uri += c;
    } else {
      uri += "%" + hex(as_bytes({&c, 1}));
    }
  }
  return uri;
}

Json rule_of(const audit::Rule& rule, text::Language language) {
  const audit::RuleText& text = language == text::Language::Korean ? rule.korean : rule.english;
  return {{"id", rule.id},
          {"shortDescription", {{"text", text.title}}},
          {"fullDescription", {{"text", text.why}}},
          {"help", {{"text", text.fix}}},
          {"defaultConfiguration", {{"level", level_of(rule.severity)}}},
          {"properties",
           {{"tags", {"security", "tls", "external/cwe/cwe-295"}},
            {"precision", "high"},
            {"security-severity", score_of(rule.severity)}}}};
}

Json region_of(const audit::Finding& finding) {
  return {{"startLine", finding.line},
          {"startColumn", finding.column},
          {"endLine", finding.end_line},
          {"endColumn", finding.end_column},
          {"snippet", {{"text", escaped(finding.excerpt)}}}};
}

Json result_of(const audit::Finding& finding, std::size_t rule, text::Language language) {
  return {{"ruleId", finding.rule},
          {"ruleIndex", rule},
          {"level", level_of(finding.severity)},
          {"message", {{"text", audit_sentence(finding, language)}}},
          {"locations", Json::array({{{"physicalLocation",
                                       {{"artifactLocation", {{"uri", uri_of(finding.file)}}},
                                        {"region", region_of(finding)}}}}})},
          {"partialFingerprints", {{"tlsmedicFinding/v1", finding.fingerprint}}}};
}

std::string write(const audit::AuditReport& report, const AuditView& view) {
  Json rules = Json::array();
  std::map<std::string, std::size_t> index;
  for (const audit::Rule& rule : audit::all_rules()) {
    index[rule.id] = rules.size();
    rules.push_back(rule_of(rule, view.language));
  }
  Json results = Json::array();
  for (const audit::Finding& finding : report.findings) {
    results.push_back(result_of(finding, index[finding.rule], view.language));
  }
  const Json driver = {{"name", "tlsmedic"}, {"version", view.version}, {"rules", rules}};
  const Json run = {
      {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", results}};
  const Json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                         {"version", "2.1.0"},
                         {"runs", Json::array({run})}};
  return json_text(document) + "\n";
}

}  // namespace

extern constinit const AuditFormat audit_format_sarif{.id = "sarif", .write = write};

}  // namespace medic::report
