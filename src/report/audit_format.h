#pragma once

// An audit as a document: one file of audit_formats for each form of it.

#include <span>
#include <string>
#include <string_view>

#include "audit/audit.h"
#include "base/terminal.h"
#include "text/language.h"

namespace medic::report {

// What was left out of a report, and how the page looks.
struct AuditView {
  text::Language language = text::Language::English;
  int width = 80;
  Color color = Color::Off;
  std::string version;
  std::size_t below = 0;     // findings under --severity
  std::size_t baseline = 0;  // findings that the baseline knows
};

struct AuditFormat {
  std::string_view id;  // the word behind --format
  std::string (*write)(const audit::AuditReport& report, const AuditView& view);
};

std::span<const AuditFormat* const> audit_format_registry();
// Null: there is none of this name.
const AuditFormat* find_audit_format(std::string_view id);

// The rule's texts in the reader's language.
const audit::RuleText& audit_text_of(const audit::Finding& finding, text::Language language);
// What is said of a place: the rule's title, and where a value comes from when that is elsewhere.
std::string audit_sentence(const audit::Finding& finding, text::Language language);
// The replacement as the lines of a diff, without a header; empty: there is none.
std::string audit_diff(const audit::Finding& finding);
// Exceptions that do not count, in sentences.
std::string allowance_sentence(const audit::Allowance& allowance, text::Language language);

}  // namespace medic::report
