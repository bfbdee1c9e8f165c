#include "report/audit_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "audit/rule.h"
#include "base/bytes.h"
#include "text/messages.h"

namespace medic::report {
namespace {

std::string marked_lines(std::string_view text, char mark) {
  std::string out;
  while (!text.empty()) {
    const std::size_t newline = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(std::min(newline + 1, text.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    out += mark;
    out += escaped(line, 400);
    out += '\n';
  }
  return out;
}

}  // namespace

const AuditFormat* find_audit_format(std::string_view id) {
  const auto formats = audit_format_registry();
  const auto at = std::ranges::find(formats, id, &AuditFormat::id);
  return at == formats.end() ? nullptr : *at;
}

const audit::RuleText& audit_text_of(const audit::Finding& finding, text::Language language) {
  static const audit::RuleText nothing;
  const audit::Rule* rule = audit::find_rule(finding.rule);
  if (rule == nullptr) {
    return nothing;
  }
  return language == text::Language::Korean ? rule->korean : rule->english;
}

std::string audit_sentence(const audit::Finding& finding, text::Language language) {
  const std::string& title = audit_text_of(finding, language).title;
  if (finding.origin_line == 0) {
    return title;
  }
  return text::message(language, "audit.from_line",
                       {{"what", title}, {"line", fmt::format("{}", finding.origin_line)}});
}

std::string audit_diff(const audit::Finding& finding) {
  return marked_lines(finding.before, '-') + marked_lines(finding.after, '+');
}

std::string allowance_sentence(const audit::Allowance& allowance, text::Language language) {
  const text::Facts facts{{"file", escaped(allowance.file)},
                          {"line", fmt::format("{}", allowance.line)},
                          {"rule", escaped(allowance.rule)},
                          {"until", escaped(allowance.until)}};
  if (allowance.incomplete) {
    return text::message(language, "audit.allow_incomplete", facts);
  }
  if (allowance.expired) {
    return text::message(language, "audit.allow_expired", facts);
  }
  return text::message(language, "audit.allow_unused", facts);
}

}  // namespace medic::report
