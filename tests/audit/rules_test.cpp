// Every rule finds its bad examples and leaves its good ones alone.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "audit/audit.h"
#include "audit/language.h"
#include "audit/rule.h"
#include "audit/token_pattern.h"
#include "text/messages.h"

namespace medic::audit {
namespace {

std::string listed(const TextAudit& audit) {
  std::string text;
  for (const Finding& finding : audit.findings) {
    text +=
        fmt::format("  {}:{} {} {}\n", finding.line, finding.column, finding.rule, finding.detail);
  }
  return text;
}

long count_of(const TextAudit& audit, std::string_view rule) {
  return std::ranges::count(audit.findings, rule, &Finding::rule);
}

TEST(AuditRules, EveryFileIsRead) {
  const RuleSet set = parse_rules(audit_files());
  EXPECT_GE(set.rules.size(), 8U);
  for (const std::string& problem : set.problems) {
    ADD_FAILURE() << problem;
  }
}

TEST(AuditRules, EachFindsItsBadExamples) {
  for (const Rule& rule : all_rules()) {
    for (const Example& example : rule.bad) {
      SCOPED_TRACE(fmt::format("{}\n{}", rule.id, example.text));
      const TextAudit audit = audit_text(example.file, example.text, Time{});
      EXPECT_EQ(count_of(audit, rule.id), example.count) << listed(audit);
    }
  }
}

TEST(AuditRules, EachLeavesItsGoodExamplesAlone) {
  for (const Rule& rule : all_rules()) {
    for (const Example& example : rule.good) {
      SCOPED_TRACE(fmt::format("{}: {}\n{}", rule.id, example.because, example.text));
      const TextAudit audit = audit_text(example.file, example.text, Time{});
      EXPECT_EQ(count_of(audit, rule.id), 0) << listed(audit);
      EXPECT_FALSE(example.because.empty());
    }
  }
}

TEST(AuditRules, LanguagesAndPatternsAreKnown) {
  for (const Rule& rule : all_rules()) {
    SCOPED_TRACE(rule.id);
    EXPECT_EQ(rule.tokens.empty(), rule.languages.empty());
    for (const std::string& id : rule.languages) {
      const Language* language = find_language(id);
      ASSERT_NE(language, nullptr) << id;
      for (const TokenRule& part : rule.tokens) {
        EXPECT_TRUE(parse_pattern(part.pattern, *language)) << part.pattern;
      }
    }
  }
}

// What a fix proposes is not found again: a replacement that is as weak as what it replaces is
// none.
TEST(AuditRules, WhatAFixProposesIsNotFoundAgain) {
  for (const Rule& rule : all_rules()) {
    for (const Example& example : rule.bad) {
      const TextAudit audit = audit_text(example.file, example.text, Time{});
      for (const Finding& finding : audit.findings) {
        if (finding.edits.empty() || finding.rule != rule.id) {
          continue;
        }
        SCOPED_TRACE(fmt::format("{}\n{}->\n{}", rule.id, finding.before, finding.after));
        std::string fixed = example.text;
        for (std::size_t i = finding.edits.size(); i > 0; --i) {
          const Edit& edit = finding.edits[i - 1];
          fixed.replace(edit.begin, edit.end - edit.begin, edit.text);
        }
        const TextAudit again = audit_text(example.file, fixed, Time{});
        EXPECT_LT(count_of(again, rule.id), count_of(audit, rule.id)) << fixed << listed(again);
      }
    }
  }
}

}  // namespace
}  // namespace medic::audit
