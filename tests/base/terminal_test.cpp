#include "base/terminal.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <thread>

#include "base/nearest.h"
#include "base/progress.h"

namespace medic {
namespace {

struct WidthCase {
  std::string_view text;
  std::size_t columns;
  std::string_view why;
};

constexpr WidthCase kWidths[] = {
    {"", 0, "nothing"},
    {"abc", 3, "ASCII"},
    {"é", 1, "two bytes, one column"},
    {"인증서", 6, "Hangul syllables are wide"},
    {"e\xcc\x81", 1, "a combining accent takes no room"},
    {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2, "conjoining Hangul is as wide as the syllable"},
    {"漢字", 4, "ideographs are wide"},
    {"→…", 2, "ambiguous width counts as narrow"},
    {"\xff\xe1", 2, "stray bytes count one each and do not run off the end"},
};

TEST(Terminal, DisplayWidth) {
  for (const WidthCase& c : kWidths) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(display_width(c.text), c.columns);
  }
}

using Lines = std::vector<std::string>;

TEST(Terminal, WrapsAtBlanksByColumns) {
  EXPECT_EQ(wrapped("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped("인증서가 만료", 9), (Lines{"인증서가", "만료"}));
  EXPECT_EQ(wrapped("a\n\nb", 10), (Lines{"a", "", "b"}));
  EXPECT_EQ(wrapped("see https://example.org/long now", 10),
            (Lines{"see", "https://example.org/long", "now"}))
      << "an address stays whole";
  EXPECT_EQ(wrapped("  indented words here", 12), (Lines{"  indented", "  words here"}));
  EXPECT_EQ(wrapped("one two", 5, 2), "one\n  two");
}

TEST(Terminal, PaddingCountsColumns) {
  EXPECT_EQ(padded("가", 4), "가  ");
  EXPECT_EQ(padded("long", 2), "long");
}

TEST(Terminal, PaintIsOnlyAddedWhenColourIsOn) {
  EXPECT_EQ(painted("x", Paint::Red, Color::Off), "x");
  EXPECT_EQ(painted("x", Paint::Red, Color::On), "\x1b[31mx\x1b[0m");
}

TEST(Progress, ShortWorkShowsNothing) {
  std::ostringstream terminal;
  const auto spinner = make_spinner(terminal, 80, std::chrono::hours(1));
  spinner->step("connecting");
  spinner->clear();
  EXPECT_EQ(terminal.str(), "");
}

TEST(Progress, LongWorkShowsTheStepAndTakesItBack) {
  std::ostringstream terminal;
  const auto spinner = make_spinner(terminal, 80, std::chrono::milliseconds(1));
  spinner->step("asking 192.0.2.1\x1b[2J");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  spinner->clear();
  const std::string shown = terminal.str();
  EXPECT_NE(shown.find("asking 192.0.2.1\\x1b[2J"), std::string::npos) << "and escapes it";
  EXPECT_TRUE(shown.ends_with(kClearLine));
}

TEST(Nearest, NamesTheCloseOnesFirst) {
  constexpr std::string_view kKnown[] = {"diagnose", "demo", "explain", "verify"};
  EXPECT_EQ(nearest("diagnoze", kKnown, 3), (Lines{"diagnose"}));
  EXPECT_EQ(nearest("exp", kKnown, 3), (Lines{"explain"})) << "the beginning is enough";
  EXPECT_EQ(nearest("zzzzzz", kKnown, 3), Lines{});
  EXPECT_EQ(edit_distance("ab", "ba"), 1U) << "two letters swapped are one mistake";
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

}  // namespace
}  // namespace medic
