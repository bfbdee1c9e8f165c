#include "catalogue/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/embedded.h"
#include "catalogue/cause.h"
#include "catalogue/loader.h"
#include "text/messages.h"

namespace medic::catalogue {
namespace {

constexpr std::string_view kRemedy = R"(
id = "act"
party = "server"
risk = "none"
[en]
title = "t"
text = "x"
[ko]
title = "t"
text = "x"
)";

std::string cause_with(std::string_view change_from, std::string_view change_to) {
  std::string text = R"(
id = "thing"
party = "server"
since = "0.1"
facts = ["host"]
remedies = ["act"]
sources = ["RFC 1"]
[en]
title = "t"
finding = "{host} is wrong"
means = "m"
how_we_know = "h"
who = "w"
near_misses = "n"
[ko]
title = "t"
finding = "{host} k"
means = "m"
how_we_know = "h"
who = "w"
near_misses = "n"
)";
  const std::size_t at = text.find(change_from);
  if (at != std::string::npos) {
    text.replace(at, change_from.size(), change_to);
  }
  return text;
}

std::vector<std::string> problems_of(const std::string& cause) {
  const std::vector<EmbeddedFile> files = {
      {.path = "data/causes/thing.toml", .bytes = as_bytes(cause)},
      {.path = "data/remedies/act.toml", .bytes = as_bytes(kRemedy)}};
  return catalogue_problems(files);
}

TEST(CatalogueCheck, TheEmbeddedCatalogueIsSound) {
  EXPECT_EQ(catalogue_problems(catalogue_files()), std::vector<std::string>{});
}

TEST(CatalogueCheck, ASoundEntryHasNoProblem) {
  EXPECT_EQ(problems_of(cause_with("", "")), std::vector<std::string>{});
}

struct BrokenCase {
  std::string_view from, to;
  std::string_view expected;  // part of the one problem
  std::string_view why;
};

constexpr BrokenCase kBroken[] = {
    {"id = \"thing\"", "id = \"other\"", ":2: id: expected 'thing'", "the file is named by the id"},
    {"party = \"server\"", "party = \"sun\"", ":3: party: expected server",
     "closed set of parties"},
    {"since = \"0.1\"\n", "", "since: missing, expected a string", "required key"},
    {"facts = [\"host\"]", "facts = []", "expected the placeholders []", "facts are the contract"},
    {"{host} k", "k", "ko: finding: expected the placeholders [host], found []",
     "a translation may not lose a placeholder"},
    {"means = \"m\"", "means = \"{host}\"", "means: expected no placeholder",
     "only the finding is filled"},
    {"[\"act\"]", "[\"act\", \"pray\"]", "remedies: no entry 'pray'", "remedies exist"},
    {"[\"RFC 1\"]", "[]", "sources: expected at least one", "every entry has a source"},
    {"since", "parent = \"nobody\"\nsince", "parent: no entry 'nobody'", "parents exist"},
    {"since", "symptoms = [\"x\"]\nsince", "symptoms: no entry 'x'", "symptoms exist"},
    {"since", "sinse = \"1\"\nsince", ":4: sinse: unknown key", "a key that nobody reads"},
    {"[en]", "[example]\nmoon = \"x\"\n[en]", "moon: expected one of this entry's facts",
     "an example is of the sentence's own facts"},
    {"title = \"t\"", "", "title: missing, expected a string", "every text is there"},
    {"means = \"m\"", "means = \"\"", "means: expected a text", "an empty text is no text"},
    {"id = ", "id = = ", "not TOML", "syntax errors are listed like the others"},
};

TEST(CatalogueCheck, EveryMistakeIsListedWithItsPlace) {
  for (const BrokenCase& c : kBroken) {
    SCOPED_TRACE(c.why);
    const std::vector<std::string> problems = problems_of(cause_with(c.from, c.to));
    const bool found = std::any_of(problems.begin(), problems.end(), [&](const std::string& text) {
      return text.find(c.expected) != std::string::npos &&
             text.starts_with("data/causes/thing.toml");
    });
    EXPECT_TRUE(found) << (problems.empty() ? "no problem at all" : problems.front());
  }
}

TEST(CatalogueLoader, FactNamesNotInTheContractAreRefused) {
  const std::string cause = cause_with("{host} is wrong", "{moon} is wrong");
  const std::vector<std::string> problems = problems_of(cause);
  ASSERT_FALSE(problems.empty());
  EXPECT_NE(problems.front().find("found [moon]"), std::string::npos) << problems.front();
}

struct FlowCase {
  std::string_view text, flowed;
};

TEST(CatalogueLoader, LinesFlowAndParagraphsStay) {
  constexpr FlowCase kCases[] = {
      {"a\nb", "a b"}, {"a\n\nb\n", "a\n\nb"}, {"a\n\n\nb", "a\n\nb"}, {"\na", "a"}, {"", ""}};
  for (const FlowCase& c : kCases) {
    EXPECT_EQ(flowed(c.text), c.flowed);
  }
}

TEST(CatalogueLoader, BracesOfAConfigurationSurviveFilling) {
  const std::string command = "server {\n  server_name {host};\n}\n{ }";
  EXPECT_EQ(text::filled(command_pattern(command), {{"host", "a.test"}}),
            "server {\n  server_name a.test;\n}\n{ }");
}

}  // namespace
}  // namespace medic::catalogue
