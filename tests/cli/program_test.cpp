#include "cli/program.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/terminal.h"
#include "cli/completion.h"
#include "cli/error_text.h"
#include "cli/manual.h"
#include "tests/cli/call.h"

namespace medic::cli {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(Program, AnErrorHasThreeLines) {
  const Error error{.kind = ErrorKind::Data,
                    .what = "trust store 'corp': corp.pem:41 is not base64",
                    .matters = "3 client profiles use this store; they are reported as untested",
                    .next_step = "tlsmedic store check corp"};
  EXPECT_EQ(error_text(error, text::Language::English),
            "error: trust store 'corp': corp.pem:41 is not base64\n"
            "  so: 3 client profiles use this store; they are reported as untested\n"
            "  try: tlsmedic store check corp\n");
}

TEST(Program, EmptyPartsOfAnErrorTakeNoLine) {
  EXPECT_EQ(error_text({.kind = ErrorKind::Io, .what = "no", .matters = {}, .next_step = {}},
                       text::Language::English),
            "error: no\n");
}

struct UsageCase {
  std::vector<std::string> words;
  std::string_view said;
  std::string_view why;
};

const UsageCase kUsageCases[] = {
    {{"explian", "x"}, "'explain'", "an unknown command names the nearest"},
    {{"--lang", "ko", "explian"}, "혹시 'explain'", "in the reader's language"},
    {{"completion"}, "'completion' needs SHELL", "a missing argument is named"},
    {{"completion", "--lang", "ko"}, "SHELL", "the language option may stand anywhere"},
    {{"explain", "missing-intermediat"}, "missing-intermediate", "an unknown id names the nearest"},
    {{"causes", "--at", "soon"}, "--at", "a time must be one"},
    {{"completion", "tcsh"}, "'tcsh'", "a shell we do not know"},
    {{"help", "nonsense"}, "'nonsense'", "help for nothing"},
};

TEST(Program, WrongUsageIsExplainedOnStandardErrorAndEndsWithTwo) {
  for (const UsageCase& c : kUsageCases) {
    SCOPED_TRACE(c.why);
    const Answer answer = call(c.words);
    EXPECT_EQ(answer.code, ExitCode::Usage);
    EXPECT_EQ(answer.out, "");
    EXPECT_TRUE(contains(answer.err, c.said)) << answer.err;
    EXPECT_TRUE(contains(answer.err, "tlsmedic ") || contains(answer.err, "--at 2026"))
        << "an example: " << answer.err;
  }
}

TEST(Program, WithoutACommandTheHelpIsAnError) {
  const Answer answer = call({});
  EXPECT_EQ(answer.code, ExitCode::Usage);
  EXPECT_EQ(answer.out, "");
  EXPECT_TRUE(contains(answer.err, "explain"));
}

TEST(Program, TheLocaleChoosesTheLanguageAndTheOptionWins) {
  EXPECT_TRUE(contains(call({"--help"}, {{"LANG", "ko_KR.UTF-8"}}).out, "사용법"));
  EXPECT_TRUE(contains(call({"--help"}, {{"LC_ALL", "C"}, {"LANG", "ko_KR.UTF-8"}}).out, "Usage"))
      << "LC_ALL stands above LANG";
  EXPECT_TRUE(contains(call({"--help", "--lang", "en"}, {{"LANG", "ko_KR.UTF-8"}}).out, "Usage"));
  EXPECT_TRUE(contains(call({"--help", "--lang=ko"}).out, "사용법"));
}

struct ColorCase {
  std::vector<std::string> words;
  Environment environment;
  bool terminal;
  bool colored;
  std::string_view why;
};

const ColorCase kColorCases[] = {
    {{"causes"}, {}, false, false, "a pipe gets no colours"},
    {{"causes"}, {}, true, true, "a terminal does"},
    {{"causes"}, {{"NO_COLOR", "1"}}, true, false, "no-color.org"},
    {{"causes"}, {{"NO_COLOR", ""}}, true, true, "no-color.org: when not an empty string"},
    {{"causes"}, {{"TERM", "dumb"}}, true, false, "a terminal that knows none"},
    {{"causes", "--color", "always"}, {{"NO_COLOR", "1"}}, false, true, "asked for"},
    {{"causes", "--color", "never"}, {}, true, false, "refused"},
};

TEST(Program, ColoursAreShownWhereTheyAreWanted) {
  for (const ColorCase& c : kColorCases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(contains(call(c.words, c.environment, c.terminal).out, "\x1b["), c.colored);
  }
}

TEST(Program, VersionIsAnOptionAndACommand) {
  EXPECT_EQ(call({"--version"}).out, "tlsmedic " + std::string(program_version()) + "\n");
  EXPECT_TRUE(call({"version"}).out.starts_with("tlsmedic " + std::string(program_version())));
}

TEST(Program, EveryCommandHasHelpInBothLanguagesWithoutAHole) {
  for (const Command* command : command_registry()) {
    for (const std::string language : {"en", "ko"}) {
      SCOPED_TRACE(std::string(command->name) + " " + language);
      std::vector<std::string> words = {"--help", "--lang", language};
      std::string name(command->name);
      const std::size_t blank = name.find(' ');
      if (blank != std::string::npos) {
        words.insert(words.begin(), name.substr(blank + 1));
        name.resize(blank);
      }
      words.insert(words.begin(), name);
      const Answer answer = call(words);
      EXPECT_EQ(answer.code, ExitCode::Healthy);
      EXPECT_EQ(answer.err, "");
      // text::message() answers "[key]" for a key that is not there.
      EXPECT_FALSE(contains(answer.out, "  [")) << answer.out;
    }
  }
}

TEST(Program, HelpFitsTheTerminal) {
  for (const std::string language : {"en", "ko"}) {
    for (const std::string& line :
         wrapped(call({"explain", "--help", "--lang", language}).out, 1000)) {
      EXPECT_LE(display_width(line), 80U) << line;
    }
  }
}

TEST(Program, HiddenCommandsAreNotListed) {
  EXPECT_FALSE(contains(call({"--help"}).out, "manual"));
  EXPECT_FALSE(contains(bash_completion(), "manual"));
}

TEST(Program, TheManualNamesEveryCommandAndOption) {
  const std::string manual = manual_page(text::Language::English);
  for (const Command* command : command_registry()) {
    if (command->hidden) {
      continue;
    }
    EXPECT_TRUE(contains(manual, ".SS ")) << command->name;
    for (const Option& option : command->options) {
      std::string name;
      for (const char c : option.name) {
        name += c == '-' ? std::string("\\-") : std::string(1, c);
      }
      EXPECT_TRUE(contains(manual, name)) << command->name << ' ' << option.name;
    }
  }
}

TEST(Explain, AnIdOfEachKindHasAPage) {
  EXPECT_TRUE(contains(call({"explain", "missing-intermediate"}).out, "intermediate"));
  EXPECT_TRUE(contains(call({"explain", "expired", "--json"}).out, R"("kind": "fault")"));
  EXPECT_TRUE(contains(call({"explain", "verify-expired", "--json"}).out, R"("kind": "symptom")"));
  EXPECT_TRUE(
      contains(call({"explain", "install-full-chain", "--json"}).out, R"("kind": "remedy")"));
}

TEST(Explain, NoPageHoldsAnUnfilledPlaceholderOrMarkdownLink) {
  const Answer answer = call({"explain", "missing-intermediate"});
  EXPECT_FALSE(contains(answer.out, "]("));
  EXPECT_FALSE(contains(answer.out, "```"));
  EXPECT_FALSE(contains(answer.out, "{host}"));
}

}  // namespace
}  // namespace medic::cli
