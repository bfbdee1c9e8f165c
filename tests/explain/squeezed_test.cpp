#include "explain/squeezed.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace medic::explain {
namespace {

struct Case {
  std::string_view text;
  std::string_view chars;
  std::string_view why;
};

const Case kCases[] = {
    {"Unable to get", "unabletoget", "blanks and case mean nothing"},
    {"certificate ver\nify failed", "certificateverifyfailed", "a line end inside a word"},
    {"> certificate\n> expired", "certificateexpired", "a mail's quoting marks"},
    {"2024-05-01T10:00:00.123Z cert\n2024-05-01T10:00:01.000Z ificate", "certificate",
     "a log's time stamps before both halves"},
    {"web_1  | bad\nweb_1  | name", "badname", "docker compose"},
    {"Jan  5 10:00:00 bad", "bad", "syslog"},
    {"\033[31mbad\033[0m name", "badname", "colours"},
    {"[31mbad[0m name", "badname", "colours whose escape character was lost"},
    {"\\u001b[31mbad\\u001b[0m", "bad", "colours in JSON"},
    {R"(bad\nname\\nhere)", "badnamehere", "literal line ends, escaped once and twice"},
    {R"(it\'s \"bad\")", "it's\"bad\"", "escaped quotes"},
    {R"(C:\new\test bad\name)", "c:\\new\\testbad", "a Windows path is no escape; \\n is one"},
    {"&lt;urlopen error&gt; &#39;a&#x27; &amp;", "<urlopenerror>'a'&", "HTML"},
    {"\xe2\x80\x9c"
     "bad\xe2\x80\x9d",
     "\"bad\"", "typographic quotes"},
    {"50% [####]\rbad", "50%[####]bad", "a progress bar that is drawn again"},
    {std::string_view("b\0a\0d", 5), "bad", "zero bytes"},
};

TEST(Squeezed, KeepsTheWordsAndNothingElse) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.why);
    if (c.why.starts_with("a Windows")) {
      EXPECT_TRUE(squeezed(c.text).chars.starts_with(c.chars)) << squeezed(c.text).chars;
    } else {
      EXPECT_EQ(squeezed(c.text).chars, c.chars);
    }
  }
}

TEST(Squeezed, EveryCharacterKnowsWhereItStood) {
  const std::string_view text = "> a\\u0062 &lt;c";
  const Squeezed letters = squeezed(text);
  ASSERT_EQ(letters.chars, "ab<c");
  EXPECT_EQ(letters.from, (std::vector<std::uint32_t>{2, 3, 10, 14}));
  EXPECT_EQ(letters.gaps[2], Gap::Blank);
  EXPECT_EQ(letters.spaced(0, 4), "ab <c");
}

}  // namespace
}  // namespace medic::explain
