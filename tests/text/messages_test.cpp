#include "text/messages.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/toml.h"

namespace medic::text {
namespace {

TEST(Messages, PlaceholdersAreFilledByName) {
  EXPECT_EQ(filled("{b} then {a}", {{"a", "1"}, {"b", "2"}}), "2 then 1");
  EXPECT_EQ(filled("{missing}", {}), "{missing}") << "a test must be able to find it";
  EXPECT_EQ(filled("{{not one}}", {}), "{not one}");
  EXPECT_EQ(filled("open { and } stay", {}), "open { and } stay");
  EXPECT_EQ(filled("{a}", {{"a", "{b}"}, {"b", "x"}}), "{b}") << "a value is no pattern";
}

TEST(Messages, PlaceholdersAreListedOnceAndSorted) {
  EXPECT_EQ(placeholders("{b} {a} {b} {{c}}"), (std::vector<std::string>{"a", "b"}));
}

TEST(Messages, AnUnknownKeyIsVisible) {
  EXPECT_EQ(message(Language::English, "cli.no-such-key"), "[cli.no-such-key]");
  EXPECT_EQ(message(Language::English, "nosection.x"), "[nosection.x]");
  EXPECT_EQ(message(Language::English, "nodot"), "[nodot]");
}

TEST(Messages, EachLanguageHasItsOwnSentence) {
  const std::string english = message(Language::English, "cli.usage_heading");
  const std::string korean = message(Language::Korean, "cli.usage_heading");
  EXPECT_EQ(english, "Usage");
  EXPECT_NE(korean, english);
  EXPECT_FALSE(korean.starts_with("["));
}

// Words that stay English in a Korean sentence are names; a sentence without any Hangul is a
// forgotten translation.
TEST(Messages, KoreanSentencesAreKorean) {
  for (const EmbeddedFile& file : message_files()) {
    if (!file.path.starts_with("data/messages/ko/")) {
      continue;
    }
    const auto table = parse_toml(as_text(file.bytes), file.path);
    ASSERT_TRUE(table.has_value()) << table.error().what;
    for (const auto& [key, value] : (*table)->entries) {
      Facts blank;
      for (const std::string& name : placeholders(value.string)) {
        blank.emplace(name, "");
      }
      const std::string text = filled(value.string, blank);
      bool hangul = false;
      std::size_t letters = 0;
      for (const char c : text) {
        // U+AC00 to U+D7A3 begins with the bytes EA B0 to ED 9E.
        const auto byte = static_cast<unsigned char>(c);
        hangul = hangul || (byte >= 0xEA && byte <= 0xED);
        letters += (c >= 'a' && c <= 'z') ? 1U : 0U;
      }
      const bool only_names = letters < 12;
      EXPECT_TRUE(hangul || only_names) << file.path << ": " << key << ": " << value.string;
    }
  }
}

TEST(Languages, CodesGoBothWays) {
  for (const Language language : {Language::English, Language::Korean}) {
    EXPECT_EQ(parse_language(code(language)), language);
  }
  EXPECT_EQ(parse_language("de"), std::nullopt);
}

}  // namespace
}  // namespace medic::text
