#include "base/json_bounds.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace medic {
namespace {

struct DepthCase {
  std::string_view json;
  bool deeper_than_two;
  std::string_view why;
};

TEST(JsonBounds, DepthIsCountedOutsideStrings) {
  constexpr DepthCase kCases[] = {
      {"", false, "nothing"},
      {"[[]]", false, "two levels"},
      {"[[[]]]", true, "three"},
      {R"({"a":[{"b":1}]})", true, "objects count as arrays do"},
      {R"(["[[[[", "{{{{"])", false, "brackets in strings are text"},
      {R"(["\"[[[["])", false, "an escaped quote does not end the string"},
      {R"(["\\",[[]]])", true, "an escaped backslash does not hide the end"},
      {"[][][][]", false, "beside each other"},
      {"]]][[", false, "closing what is not open"},
      {"[[\"", false, "a string that does not end"},
  };
  for (const DepthCase& c : kCases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(nests_deeper_than(c.json, 2), c.deeper_than_two);
  }
  EXPECT_TRUE(nests_deeper_than(std::string(1'000'000, '['), kMaxJsonDepth));
}

}  // namespace
}  // namespace medic
