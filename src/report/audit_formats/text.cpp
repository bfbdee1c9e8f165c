#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/terminal.h"
#include "report/audit_format.h"
#include "text/messages.h"

namespace medic::report {
namespace {

class Page {
 public:
  Page(const audit::AuditReport& report, const AuditView& view)
      : report_(report),
        view_(view),
        width_(static_cast<std::size_t>(std::clamp(view.width, 40, 110))) {}

  std::string write() {
    for (const audit::Finding& finding : report_.findings) {
      add(finding);
    }
    for (const audit::Allowance& allowance : report_.allowances) {
      if (!allowance.used) {
        paragraph(allowance_sentence(allowance, view_.language), 0);
      }
    }
    summary();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string say(std::string_view key, const text::Facts& facts = {}) const {
    return text::message(view_.language, key, facts);
  }
  void paragraph(std::string_view text, std::size_t indent) {
    out_ += std::string(indent, ' ') + wrapped(text, width_ - indent, indent) + "\n";
  }

  [[nodiscard]] std::string severity_of(const audit::Finding& finding) const {
    const std::string word =
        say(fmt::format("audit.severity-{}", audit::severity_id(finding.severity)));
    const Paint paint = finding.severity == audit::Severity::High     ? Paint::Red
                        : finding.severity == audit::Severity::Medium ? Paint::Yellow
                                                                      : Paint::Blue;
    return painted(word, paint, view_.color);
  }

  void add(const audit::Finding& finding) {
    out_ += fmt::format(
        "{}  {}  {}\n",
        painted(fmt::format("{}:{}:{}", escaped(finding.file, 1000), finding.line, finding.column),
                Paint::Bold, view_.color),
        severity_of(finding), finding.rule);
    const std::string_view line = finding.excerpt;
    const std::size_t start = std::min(line.find_first_not_of(" \t"), line.size());
    out_ += fmt::format("    {}\n", escaped(line.substr(start), 200));
    paragraph(audit_sentence(finding, view_.language), 2);
    const audit::RuleText& text = audit_text_of(finding, view_.language);
    if (told_ != finding.rule) {
      paragraph(text.why, 2);
    }
    paragraph(text.fix, 2);
    told_ = finding.rule;
    diff(finding);
    out_ += '\n';
  }

  void diff(const audit::Finding& finding) {
    std::string lines = audit_diff(finding);
    std::string_view rest = lines;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(line.size() + 1);
      const Paint paint = line.starts_with('-') ? Paint::Red : Paint::Green;
      out_ += fmt::format("    {}\n", painted(line, paint, view_.color));
    }
  }

  void summary() {
    std::size_t count[3] = {};
    for (const audit::Finding& finding : report_.findings) {
      ++count[static_cast<std::size_t>(finding.severity)];
    }
    if (report_.findings.empty()) {
      paragraph(say("audit.none", {{"files", fmt::format("{}", report_.files)}}), 0);
    } else {
      paragraph(say("audit.summary_line", {{"count", fmt::format("{}", report_.findings.size())},
                                           {"high", fmt::format("{}", count[2])},
                                           {"medium", fmt::format("{}", count[1])},
                                           {"low", fmt::format("{}", count[0])},
                                           {"files", fmt::format("{}", report_.files)}}),
                0);
    }
    if (view_.below + view_.baseline > 0) {
      paragraph(say("audit.left_out", {{"below", fmt::format("{}", view_.below)},
                                       {"baseline", fmt::format("{}", view_.baseline)}}),
                0);
    }
    if (report_.too_big > 0 || !report_.unreadable.empty() || report_.cut) {
      paragraph(
          say("audit.not_read", {{"big", fmt::format("{}", report_.too_big)},
                                 {"unreadable", fmt::format("{}", report_.unreadable.size())}}),
          0);
    }
    if (report_.cut) {
      paragraph(say("audit.cut"), 0);
    }
  }

  const audit::AuditReport& report_;
  const AuditView& view_;
  std::size_t width_;
  std::string told_;  // the rule whose reason was given last
  std::string out_;
};

std::string write(const audit::AuditReport& report, const AuditView& view) {
  return Page(report, view).write();
}

}  // namespace

extern constinit const AuditFormat audit_format_text{.id = "text", .write = write};

}  // namespace medic::report
