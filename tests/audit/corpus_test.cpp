// The labelled corpus: what must be found and what looks like it. Each case is
//   ---- FILE bad 3,5     lines that must be found, and no other
//   ---- FILE good
// and its text. The bars: precision and recall, for Python and for everything else.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "base/files.h"

namespace medic::audit {
namespace {

struct Case {
  std::string file;
  std::set<int> lines;
  std::string text;
};

std::set<int> numbers(std::string_view list) {
  std::set<int> all;
  int number = 0;
  for (const char c : list) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + (c - '0');
    } else if (c == ',') {
      all.insert(number);
      number = 0;
    }
  }
  all.insert(number);
  return all;
}

std::vector<Case> cases_of(const std::string& name) {
  const auto text = read_text_file(std::string(MEDIC_SOURCE_DIR) + "/tests/audit/corpus/" + name);
  std::vector<Case> cases;
  if (!text) {
    return cases;
  }
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t newline = std::min(rest.find('\n'), rest.size() - 1);
    const std::string_view line = rest.substr(0, newline);
    if (line.starts_with("---- ")) {
      const std::string_view head = line.substr(5);
      const std::size_t blank = head.find(' ');
      Case one{.file = std::string(head.substr(0, blank)), .lines = {}, .text = {}};
      const std::string_view label = head.substr(blank + 1);
      if (label.starts_with("bad ")) {
        one.lines = numbers(label.substr(4));
      }
      cases.push_back(std::move(one));
    } else if (!cases.empty()) {
      cases.back().text += std::string(line) + "\n";
    }
    rest.remove_prefix(newline + 1);
  }
  return cases;
}

struct Score {
  int found = 0;   // labelled and found
  int missed = 0;  // labelled and not found
  int wrong = 0;   // found and not labelled
  std::string log;

  [[nodiscard]] double precision() const {
    return found / static_cast<double>(std::max(1, found + wrong));
  }
  [[nodiscard]] double recall() const {
    return found / static_cast<double>(std::max(1, found + missed));
  }
};

void judge(const Case& one, Score& score) {
  const TextAudit audit = audit_text(one.file, one.text, *parse_time("2026-01-01"));
  std::set<int> found;
  for (const Finding& finding : audit.findings) {
    if (!found.insert(finding.line).second) {
      continue;  // two rules about one line are one finding here
    }
    if (!one.lines.contains(finding.line)) {
      ++score.wrong;
      score.log += fmt::format("wrong: {}:{} {} {}\n", one.file, finding.line, finding.rule,
                               finding.excerpt);
    }
  }
  for (const int line : one.lines) {
    if (found.contains(line)) {
      ++score.found;
    } else {
      ++score.missed;
      score.log += fmt::format("missed: {}:{}\n", one.file, line);
    }
  }
}

Score score_of(const std::vector<std::string>& names, std::size_t& bad, std::size_t& good) {
  Score score;
  for (const std::string& name : names) {
    for (const Case& one : cases_of(name)) {
      (one.lines.empty() ? good : bad) += 1;
      judge(one, score);
    }
  }
  return score;
}

TEST(AuditCorpus, PythonReachesItsBar) {
  std::size_t bad = 0;
  std::size_t good = 0;
  const Score score = score_of({"python_bad.txt", "python_good.txt"}, bad, good);
  RecordProperty("summary", fmt::format("{} bad, {} good", bad, good));
  fmt::print("python: {} bad, {} good, precision {:.3f}, recall {:.3f}\n{}", bad, good,
             score.precision(), score.recall(), score.log);
  EXPECT_GE(bad, 110U);
  EXPECT_GE(good, 100U);
  EXPECT_GE(score.precision(), 0.98);
  EXPECT_GE(score.recall(), 0.97);
}

TEST(AuditCorpus, OtherLanguagesReachTheirBar) {
  std::size_t bad = 0;
  std::size_t good = 0;
  const Score score = score_of({"other_bad.txt", "other_good.txt"}, bad, good);
  fmt::print("other: {} bad, {} good, precision {:.3f}, recall {:.3f}\n{}", bad, good,
             score.precision(), score.recall(), score.log);
  EXPECT_GE(bad, 184U);
  EXPECT_GE(good, 195U);
  EXPECT_GE(score.precision(), 0.95);
  EXPECT_GE(score.recall(), 0.90);
}

// Files without a word of a rule are not looked into: reading everything closely must find the
// same.
TEST(AuditCorpus, TheSearchForWordsLosesNothing) {
  std::vector<const Rule*> rules;
  for (const Rule& rule : all_rules()) {
    rules.push_back(&rule);
  }
  const auto places = [](const TextAudit& audit) {
    std::set<std::string> found;
    for (const Finding& finding : audit.findings) {
      found.insert(fmt::format("{}:{}:{}", finding.rule, finding.line, finding.column));
    }
    return found;
  };
  const Time today = *parse_time("2026-01-01");
  std::size_t cases = 0;
  for (const std::string& name : {std::string("python_bad.txt"), std::string("python_good.txt"),
                                  std::string("other_bad.txt"), std::string("other_good.txt")}) {
    for (const Case& one : cases_of(name)) {
      SCOPED_TRACE(one.file + "\n" + one.text);
      EXPECT_EQ(places(audit_text(one.file, one.text, today)),
                places(audit_text(one.file, one.text, nullptr, rules, today)));
      ++cases;
    }
  }
  EXPECT_GE(cases, 600U);
}

}  // namespace
}  // namespace medic::audit
