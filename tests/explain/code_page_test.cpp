// The system's translated words in the code page of the machine's language.

#include "explain/code_page.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "explain/explain.h"
#include "explain/matcher.h"

namespace medic::explain {
namespace {

TEST(CodePage, Utf8IsToldFromOtherBytes) {
  struct Row {
    std::string_view text;
    bool good;
    std::string_view why;
  };
  constexpr Row kRows[] = {{"", true, "nothing is wrong with nothing"},
                           {"plain", true, "ASCII"},
                           {"\xec\x9e\x91", true, "a Hangul syllable"},
                           {"\xf0\x9f\x94\x92", true, "four bytes"},
                           {"\xec\x9e", false, "cut inside a sequence"},
                           {"\xc0\xaf", false, "overlong, RFC 3629 3"},
                           {"\xe0\x80\xaf", false, "overlong in three bytes"},
                           {"\xed\xa0\x80", false, "a surrogate"},
                           {"\xf4\x90\x80\x80", false, "beyond U+10FFFF"},
                           {"\xb0\xad", false, "CP949"}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(is_utf8(row.text), row.good);
  }
}

TEST(CodePage, BytesThatThePageLacksAreDroppedAndTheRestIsRead) {
  const auto read = read_as("CP949", "\xff\xc0\xdb\xbe\xf7\xff ok\n\xff");
  if (!read) {
    GTEST_SKIP() << "SKIPPED: the C library has no table for CP949 here";
  }
  EXPECT_EQ(*read, "작업 ok\n");
}

// Windows' own words for a reset, WSAECONNRESET, as a console writes them.
TEST(CodePage, TranslatedWordsOfWindowsAreFoundInTheCodePageOfTheLanguage) {
  const auto matcher = Matcher::builtin();
  ASSERT_TRUE(matcher);
  struct Row {
    const char* page;
    std::string_view text;
    std::string_view why;
  };
  // "현재 연결은 원격 호스트에 의해 강제로 끊겼습니다", "远程主机强迫关闭了一个现有的连接"
  constexpr Row kRows[] = {
      {"CP949",
       "\xc7\xf6\xc0\xe7 \xbf\xac\xb0\xe1\xc0\xba \xbf\xf8\xb0\xdd "
       "\xc8\xa3\xbd\xba\xc6\xae\xbf\xa1 "
       "\xc0\xc7\xc7\xd8 \xb0\xad\xc1\xa6\xb7\xce \xb2\xf7\xb0\xe5\xbd\xc0\xb4\xcf\xb4\xd9",
       "Korean"},
      {"GB18030",
       "\xd4\xb6\xb3\xcc\xd6\xf7\xbb\xfa\xc7\xbf\xc6\xc8\xb9\xd8\xb1\xd5\xc1\xcb\xd2\xbb\xb8\xf6"
       "\xcf\xd6\xd3\xd0\xb5\xc4\xc1\xac\xbd\xd3",
       "simplified Chinese"}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.why);
    if (!read_as(row.page, "a")) {
      GTEST_SKIP() << "SKIPPED: the C library has no table for " << row.page << " here";
    }
    const auto explanation = explain_text(*matcher, row.text);
    ASSERT_TRUE(explanation);
    ASSERT_FALSE(explanation->failures.empty());
    EXPECT_EQ(explanation->failures.front().symptom, "connection-reset-in-handshake");
  }
}

}  // namespace
}  // namespace medic::explain
