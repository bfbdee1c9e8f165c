#include "base/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace medic {
namespace {

using nlohmann::ordered_json;

TEST(Json, KeepsTheOrderOfKeysAndIndents) {
  const ordered_json value = {{"z", 1}, {"a", {true, nullptr}}};
  EXPECT_EQ(json_text(value, kOneLine), R"({"z":1,"a":[true,null]})");
  EXPECT_EQ(json_text({{"z", 1}}), "{\n  \"z\": 1\n}");
}

TEST(Json, PrintsWhatIsNoUtf8AsTheReplacementCharacter) {
  EXPECT_EQ(json_text(ordered_json("a\xff"
                                   "b"),
                      kOneLine),
            "\"a\xef\xbf\xbd"
            "b\"");
}

TEST(Json, ReadsWhatItPrinted) {
  const ordered_json value = {{"name", "한글 \"quoted\"\n"}, {"list", {1, 2.5, -3}}};
  const auto read = parse_json(json_text(value));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, value);
}

TEST(Json, RefusesWhatIsNoJsonAndWhatNestsTooDeep) {
  struct Case {
    std::string text;
    std::string_view why;
  };
  const Case cases[] = {{"", "nothing"},
                        {"{\"a\":", "cut off"},
                        {"[1] trailing", "more behind the value"},
                        {"\"\xff\"", "no UTF-8"},
                        {std::string(100'000, '['), "a stack of brackets"}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.why);
    const auto read = parse_json(c.text);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().kind, ErrorKind::Data);
  }
}

}  // namespace
}  // namespace medic
