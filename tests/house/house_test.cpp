// The house as it stands obeys every rule; and every rule notices when it is broken.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/house/code.h"
#include "tests/house/rules.h"

namespace medic::house {
namespace {

using Rule = Problems (*)(const Tree&);

struct NamedRule {
  std::string_view name;
  Rule rule;
};

constexpr NamedRule kRules[] = {
    {"floors", check_floors},
    {"banned calls", check_banned_calls},
    {"layout", check_layout},
    {"leftovers", check_leftovers},
    {"paths in comments", check_paths_in_comments},
    {"messages", check_messages},
    {"registries", check_registries},
    {"documents", check_documents},
};

std::string all(const Problems& problems) {
  std::string text;
  for (const std::string& problem : problems) {
    text += problem + "\n";
  }
  return text;
}

class House : public ::testing::TestWithParam<NamedRule> {};

TEST_P(House, ObeysTheRule) {
  static const Tree tree = read_tree(MEDIC_SOURCE_DIR);
  ASSERT_GT(tree.size(), 100U) << "the tree was not found";
  const Problems problems = GetParam().rule(tree);
  EXPECT_TRUE(problems.empty()) << problems.size() << " problems:\n" << all(problems);
}

INSTANTIATE_TEST_SUITE_P(Rules, House, ::testing::ValuesIn(kRules), [](const auto& rule) {
  std::string name(rule.param.name);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
});

struct Sample {
  Rule rule;
  Tree tree;
  std::string_view found;  // empty: nothing may be found
  std::string_view why;
};

const Tree& floors_with(const std::string& include, Tree& tree) {
  tree = {{"src/base/CMakeLists.txt", "medic_module(base FLOOR 0 LINK fmt::fmt)"},
          {"src/x509/CMakeLists.txt", "medic_module(x509 FLOOR 1 DEPENDS base)"},
          {"src/probe/CMakeLists.txt", "medic_module(probe FLOOR 3 DEPENDS base LINK x509)"},
          {"src/x509/a.cpp", "#include \"" + include + "\"\n"}};
  return tree;
}

Tree floors(const std::string& include) {
  Tree tree;
  return floors_with(include, tree);
}

const std::string kEn = "data/messages/en/lab.toml";
const std::string kKo = "data/messages/ko/lab.toml";

const Sample kSamples[] = {
    {check_floors, floors("base/error.h"), "", "a declared lower floor"},
    {check_floors, floors("x509/name.h"), "", "itself"},
    {check_floors, floors("probe/tcp.h"), "does not declare", "an upward include"},
    {check_floors, floors("nowhere/a.h"), "no module", "an unknown module"},
    {check_floors,
     {{"src/probe/CMakeLists.txt", "medic_module(probe FLOOR 3 DEPENDS base LINK x509)"},
      {"src/x509/CMakeLists.txt", "medic_module(x509 FLOOR 1)"},
      {"src/probe/a.cpp", "#include \"x509/name.h\""}},
     "does not declare",
     "LINK declares no module"},
    {check_floors, {{"src/lost/a.cpp", "int a;"}}, "no declared module", "a directory without one"},

    {check_banned_calls, {{"src/a.cpp", "int x = system(\"ls\");"}}, "src/a.cpp:1", "a shell"},
    {check_banned_calls, {{"src/a.cpp", "\n  std::system(c);"}}, "src/a.cpp:2", "qualified"},
    {check_banned_calls, {{"src/a.cpp", "std::regex r;"}}, "std::regex", "regular expressions"},
    {check_banned_calls, {{"src/a.cpp", "t.detach();"}}, ".detach(", "a thread let go"},
    {check_banned_calls, {{"src/a.cpp", "printf(\"x\");"}}, "printf", "output of its own"},
    {check_banned_calls, {{"src/a.cpp", "std::system_clock::now();"}}, "clock", "the real clock"},
    {check_banned_calls, {{"src/a.cpp", "// system(x)\nauto s = \"rand(\";"}}, "", "only words"},
    {check_banned_calls, {{"src/a.cpp", "operand(1); file_system(2);"}}, "", "other names"},
    {check_banned_calls, {{"src/base/time.cpp", "system_clock::now()"}}, "", "the one place"},
    {check_banned_calls, {{"src/a.cpp", "using namespace std;"}}, "everywhere", "all names"},
    {check_banned_calls, {{"src/a.cpp", "using namespace std::literals;"}}, "", "suffixes"},
    {check_banned_calls, {{"tests/a.cpp", "system(\"x\");"}}, "", "tests may"},

    {check_layout, {{"src/a.h", "int a;"}}, "#pragma once", "an unguarded header"},
    {check_layout, {{"src/a.cpp", std::string(601, '\n')}}, "601 lines", "a long file"},
    {check_layout, {{"src/a.cpp", std::string(600, '\n')}}, "", "the longest allowed"},
    {check_layout,
     {{"src/a.cpp", "#ifdef _WIN32\n#endif"}},
     "_WIN32",
     "the system in a source file"},
    {check_layout, {{"src/a.cpp", "#if FMT_VERSION > 9\n#endif"}}, "", "a library's version"},

    {check_leftovers,
     {{"src/a.cpp",
       "// TO"
       "DO later"}},
     "left over",
     "a reminder"},
    {check_leftovers,
     {{"docs/a.md",
       "see /ro"
       "ot/x"}},
     "machine",
     "somebody's path"},
    {check_leftovers, {{"README.md", "done \xF0\x9F\x8E\x89"}}, "emoji", "a party"},
    {check_leftovers,
     {{"src/a.cpp",
       "\"\\x1"
       "b[31m\""}},
     "escape",
     "painting by hand"},
    {check_leftovers,
     {{"src/base/terminal.cpp",
       "\"\\x1"
       "b[31m\""}},
     "",
     "the one place"},

    {check_paths_in_comments, {{"src/a.cpp", "// see src/b.cpp\n"}}, "no src/b.cpp", "a dead path"},
    {check_paths_in_comments, {{"src/a.cpp", "// see src/a.cpp.\n"}}, "", "itself"},
    {check_paths_in_comments, {{"src/a.cpp", "// data/causes/<id>.toml\n"}}, "", "a pattern"},
    {check_paths_in_comments, {{"a.md", "in `tests/x_test.cpp`"}}, "no tests/x", "in a document"},

    {check_messages,
     {{kEn, "a = \"x\""}, {kKo, "a = \"y\""}, {"src/l.cpp", "f(\"lab.a\");"}},
     "",
     "complete"},
    {check_messages,
     {{kEn, "a = \"x\""}, {"src/l.cpp", "f(\"lab.a\");"}},
     "there is no data",
     "no twin"},
    {check_messages,
     {{kEn, "a = \"x\""}, {kKo, "b = \"y\""}, {"src/l.cpp", "message(\"lab.a\", \"lab.b\");"}},
     "missing in",
     "other keys"},
    {check_messages,
     {{kEn, "a = \"{x}\""}, {kKo, "a = \"{y}\""}, {"src/l.cpp", "f(\"lab.a\");"}},
     "placeholders",
     "other placeholders"},
    {check_messages,
     {{kEn, "a = \"x\""}, {kKo, "a = \"y\""}, {"src/l.cpp", "message(\"lab.a\", \"lab.b\");"}},
     "no sentence 'b'",
     "a key that is not there"},
    {check_messages,
     {{kEn, "a = \"x\""}, {kKo, "a = \"y\""}},
     "no code names it",
     "a dead sentence"},
    {check_messages,
     {{kEn, "a = \"x\""}, {kKo, "a = \"y\""}, {"src/l.cpp", "f(\"lab.{}\", \"a\");"}},
     "",
     "a key put together"},
    {check_messages,
     {{kEn, "a = \"x\""}, {kKo, "a = \"y\""}, {"src/l.cpp", "f(\"lab.{}\", \"b\");"}},
     "no code names it",
     "put together from something else"},
    {check_messages,
     {{kEn, "a = 1"}, {kKo, "a = \"y\""}, {"src/l.cpp", "f(\"lab.a\");"}},
     "not a sentence",
     "a number"},

    {check_registries,
     {{"src/diagnose/causes/clock_skew.cpp",
       "extern constinit const Cause cause_clock_skew{.id = \"clock-skew\"};"}},
     "data/causes/clock-skew.toml",
     "a cause without texts"},
    {check_registries,
     {{"src/diagnose/causes/clock_skew.cpp",
       "extern constinit const Cause cause_clock_skew{.id = \"clock-skew\"};"}},
     "tests/cases/clock-skew.case",
     "a cause without a case"},
    {check_registries,
     {{"src/diagnose/causes/clock_skew.cpp",
       "extern constinit const Cause cause_clock_skew{.id = \"clock-skew\"};"},
      {"tests/cases/clock-skew.case", ""},
      {"tests/cases/without_case.toml", "clock-skew = \"no\""}},
     "out of date",
     "an excuse for a cause that has a case"},
    {check_registries,
     {{"data/explain/clients.toml", "[pip]\ninstalled = \"pip\"\n"},
      {"src/clients/detect/pip.cpp",
       "extern constinit const Detector detect_pip{.kind = \"pip\"};"}},
     "",
     "a kind of the inventory"},
    {check_registries,
     {{"data/explain/clients.toml", "[pip]\ninstalled = \"pipp\"\n"},
      {"src/clients/detect/pip.cpp",
       "extern constinit const Detector detect_pip{.kind = \"pip\"};"}},
     "no detector finds a \"pipp\"",
     "a kind that nothing finds"},
    {check_registries, {{"data/causes/clock-skew.toml", ""}}, "docs/ko/causes", "without pages"},
    {check_registries,
     {{"src/lab/faults/flaky.cpp",
       "extern constinit const LabFault fault_flaky{.id = \"shaky\", .cause = \"healthy\"};"}},
     "its id is 'shaky'",
     "an entry whose file has another name"},
    {check_registries,
     {{"src/lab/faults/flaky.cpp",
       "extern constinit const LabFault fault_flaky{.id = \"flaky\", .cause = \"ghost\"};"}},
     "data/causes/ghost.toml",
     "a fault with an unknown cause"},
    {check_registries,
     {{"src/lab/faults/flaky.cpp",
       "const LabFault fault_other{.id = \"flaky\", .cause = \"healthy\"};"}},
     "does not define 'fault_flaky'",
     "another symbol"},
    {check_registries,
     {{"src/cli/commands/run.cpp", "extern constinit const Command command_run{.name = \"run\"};"}},
     "docs/commands/run.md",
     "a command without a page"},
    {check_registries,
     {{"src/cli/commands/run.cpp",
       "extern constinit const Command command_run{.name = \"run\", .hidden = true};"}},
     "",
     "a hidden command needs none"},

    {check_documents, {{"a.md", "[x](b.md)"}}, "leads nowhere", "a dead link"},
    {check_documents, {{"a.md", "[x](docs/)"}, {"docs/b.md", "[y](../a.md#z)"}}, "", "live links"},
    {check_documents,
     {{"a.md", "```console\n$ tlsmedic nonsense x\n```"}},
     "no command",
     "made up"},
    {check_documents,
     {{"a.md", "```\n./tlsmedic run x\n```"}, {"src/cli/commands/run.cpp", ".name = \"run\""}},
     "",
     "a command that exists"},
};

TEST(HouseRules, EachNoticesItsOwnBadSampleAndAcceptsTheGoodOne) {
  for (const Sample& sample : kSamples) {
    SCOPED_TRACE(sample.why);
    const std::string found = all(sample.rule(sample.tree));
    if (sample.found.empty()) {
      EXPECT_EQ(found, "");
    } else {
      EXPECT_TRUE(contains(found, sample.found)) << "found: " << found;
    }
  }
}

TEST(HouseRules, CodeIsSplitIntoWhatItIs) {
  const Code code = split_code(
      "int a = 1'000; // note\nauto s = \"x // y\"; auto r = R\"(q \"z)\"; char c = '\"';\n");
  ASSERT_EQ(code.literals.size(), 2U);
  EXPECT_EQ(code.literals[0].text, "x // y");
  EXPECT_EQ(code.literals[1].text, "q \"z");
  EXPECT_EQ(code.literals[1].line, 2);
  ASSERT_EQ(code.comments.size(), 1U);
  EXPECT_EQ(code.comments[0].text, "// note");
  EXPECT_TRUE(contains(code.bare, "char c = ' ';")) << code.bare;
}

}  // namespace
}  // namespace medic::house
