#include "cli/adapter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/globals.h"

namespace medic::cli {
namespace {

constexpr Option kOptions[] = {
    {.name = "--sni", .kind = OptionKind::Value, .value = "NAME", .summary_key = "cli.help"},
    {.name = "--resolve", .kind = OptionKind::Repeated, .value = "RULE", .summary_key = "cli.help"},
    {.name = "--family",
     .kind = OptionKind::Value,
     .value = "FAMILY",
     .summary_key = "cli.help",
     .one_of = "any|4|6"},
    {.name = "--all", .summary_key = "cli.help"},
};
constexpr Positional kOperands[] = {
    {.name = "TARGET", .summary_key = "cli.help"},
    {.name = "CMD", .summary_key = "cli.help", .required = false, .repeated = true}};
constexpr Example kExamples[] = {{.command = "tlsmedic try it", .summary_key = "cli.help"}};
constexpr Command kCommand{.name = "try",
                           .summary_key = "cli.help",
                           .options = kOptions,
                           .positionals = kOperands,
                           .examples = kExamples};

using Words = std::vector<std::string>;

Args parsed(const Words& words) {
  auto args = parse_arguments(kCommand, global_options(), words);
  EXPECT_TRUE(args.has_value()) << (args ? "" : args.error().key);
  return args.value_or(Args{});
}

TEST(Adapter, ReadsFlagsValuesAndOperandsInAnyOrder) {
  const Args args = parsed({"--all", "host", "--sni", "a.example", "--family=4"});
  EXPECT_TRUE(args.flag("--all"));
  EXPECT_FALSE(args.has("--resolve"));
  EXPECT_EQ(args.value("--sni"), "a.example");
  EXPECT_EQ(args.value("--family"), "4");
  EXPECT_EQ(args.positional("TARGET"), "host");
}

TEST(Adapter, ARepeatedOptionKeepsEachValueAndTakesOneWordAtATime) {
  const Args args = parsed({"--resolve", "a", "host", "--resolve", "b"});
  EXPECT_EQ(args.values("--resolve"), (Words{"a", "b"}));
  EXPECT_EQ(args.positional("TARGET"), "host");
}

TEST(Adapter, OfASingleValueTheLastOneCounts) {
  EXPECT_EQ(parsed({"host", "--sni", "a", "--sni", "b"}).value("--sni"), "b");
}

TEST(Adapter, WhatStandsBehindTwoDashesIsLeftAlone) {
  const Args args = parsed({"host", "--all", "--", "curl", "--sni", "-x", "--", "{url}"});
  EXPECT_TRUE(args.flag("--all"));
  EXPECT_FALSE(args.has("--sni"));
  EXPECT_EQ(args.positionals("CMD"), (Words{"curl", "--sni", "-x", "--", "{url}"}));
}

TEST(Adapter, ASingleDashIsAnOperand) {
  EXPECT_EQ(parsed({"-"}).positional("TARGET"), "-");
}

TEST(Adapter, GlobalOptionsAreAcceptedBesideTheCommandsOwn) {
  EXPECT_TRUE(parsed({"host", "--json"}).flag("--json"));
  EXPECT_EQ(parsed({"--lang", "ko", "host"}).value("--lang"), "ko");
}

TEST(Adapter, HelpAsksForNothingElse) {
  EXPECT_TRUE(parsed({"--help"}).flag("--help"));
  EXPECT_TRUE(parsed({"-h"}).flag("--help"));
}

struct ProblemCase {
  Words words;
  std::string_view key;
  std::string_view nearest;
  std::string_view why;
};

const ProblemCase kProblems[] = {
    {{}, "cli.missing_operand", "", "TARGET is required"},
    {{"host", "--snii", "x"}, "cli.unknown_option", "--sni", "one letter too many"},
    {{"host", "--colour=never"},
     "cli.unknown_option",
     "--color",
     "the value is no part of the name"},
    {{"host", "-k"}, "cli.unknown_option", "", "nothing is close, so nothing is suggested"},
    {{"host", "--sni"}, "cli.missing_value", "", "a value is missing at the end"},
    {{"host", "--family", "5"}, "cli.not_one_of", "", "not one of the listed words"},
    {{"host", "--lang", "de"}, "cli.not_one_of", "", "the same for an option of the program"},
};

TEST(Adapter, EachMistakeIsNamed) {
  for (const ProblemCase& c : kProblems) {
    SCOPED_TRACE(c.why);
    const auto args = parse_arguments(kCommand, global_options(), c.words);
    ASSERT_FALSE(args.has_value());
    EXPECT_EQ(args.error().key, c.key);
    EXPECT_EQ(args.error().nearest, c.nearest);
    EXPECT_EQ(args.error().example, "tlsmedic try it");
  }
}

TEST(Adapter, AnOperandTooManyIsNamed) {
  constexpr Command kNothing{.name = "none", .summary_key = "cli.help"};
  const auto args = parse_arguments(kNothing, global_options(), Words{"extra"});
  ASSERT_FALSE(args.has_value());
  EXPECT_EQ(args.error().key, "cli.extra_operand");
}

}  // namespace
}  // namespace medic::cli
