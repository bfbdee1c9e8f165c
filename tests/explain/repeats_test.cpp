#include <gtest/gtest.h>

#include <string_view>

#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

struct Case {
  std::string_view text;
  std::size_t count;
  std::string_view why;
};

const Case kCases[] = {
    {"curl: (35) error:0A000152:SSL routines::unsafe legacy renegotiation disabled", 1,
     "a number and its words are one print"},
    {"curl: (60) SSL certificate problem: unable to get local issuer certificate\n"
     "curl: (60) SSL certificate problem: unable to get local issuer certificate\n"
     "curl: (60) SSL certificate problem: unable to get local issuer certificate\n",
     3, "three lines are three prints"},
};

TEST(Repeats, CountPrintsAndNotPatterns) {
  const auto matcher = Matcher::builtin();
  ASSERT_TRUE(matcher);
  for (const Case& row : kCases) {
    SCOPED_TRACE(row.why);
    const auto explanation = explain_text(*matcher, row.text);
    ASSERT_TRUE(explanation);
    ASSERT_EQ(explanation->failures.size(), 1U);
    EXPECT_EQ(explanation->failures.front().count, row.count);
  }
}

}  // namespace
}  // namespace medic::explain
