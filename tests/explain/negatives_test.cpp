// Ordinary logs, documents, changelogs and code in which nothing failed: no alarm.

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

// Parted by lines that begin with "%%"; what stands before the first such line explains the file.
std::vector<std::string> texts() {
  std::ifstream in(MEDIC_SOURCE_DIR "/tests/explain/negatives.txt");
  std::vector<std::string> all;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("%%")) {
      all.emplace_back();
    } else if (!all.empty()) {
      all.back() += line + "\n";
    }
  }
  return all;
}

TEST(ExplainNegatives, OrdinaryTextsRaiseNoAlarm) {
  const std::vector<std::string> all = texts();
  ASSERT_GE(all.size(), 200U);
  const auto matcher = Matcher::builtin();
  ASSERT_TRUE(matcher);
  for (const std::string& text : all) {
    const auto explanation = explain_text(*matcher, text);
    ASSERT_TRUE(explanation);
    for (const Failure& failure : explanation->failures) {
      EXPECT_FALSE(failure.failure) << failure.signature << " in: " << text;
    }
  }
}

}  // namespace
}  // namespace medic::explain
