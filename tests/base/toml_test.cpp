#include "base/toml.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace medic {
namespace {

std::shared_ptr<const TomlTable> table_of(const std::string& text) {
  auto table = parse_toml(text, "t.toml");
  EXPECT_TRUE(table.has_value()) << (table ? "" : table.error().what);
  return table.value_or(std::make_shared<const TomlTable>());
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

TEST(Toml, TypedAccessorsReadWhatIsThere) {
  const auto table =
      table_of("s = \"x\"\nn = 7\nb = true\nl = [\"a\", \"b\"]\nd = 2026-01-31\n[t]\nk = 1\n");
  EXPECT_EQ(table->string("s"), "x");
  EXPECT_EQ(table->integer("n"), 7);
  EXPECT_TRUE(table->boolean("b"));
  EXPECT_EQ(table->strings("l"), (std::vector<std::string>{"a", "b"}));
  ASSERT_NE(table->value("d"), nullptr);
  EXPECT_EQ(table->value("d")->string, "2026-01-31");
  ASSERT_NE(table->table("t"), nullptr);
  EXPECT_EQ(table->table("t")->integer("k"), 1);
  EXPECT_EQ(table->table("absent"), nullptr);
  EXPECT_EQ(joined(table->problems()), "");
}

TEST(Toml, AKeyThatNobodyReadsIsAProblemWithItsPlace) {
  const auto table = table_of("read = 1\n\nunread = 2\n");
  table->integer("read");
  EXPECT_NE(joined(table->problems()).find("t.toml:3: unread"), std::string::npos)
      << joined(table->problems());
}

TEST(Toml, AnUnreadKeyOfASubTableIsAProblemToo) {
  const auto table = table_of("[t]\na = 1\nb = 2\n");
  table->table("t")->integer("a");
  EXPECT_NE(joined(table->problems()).find("b"), std::string::npos);
}

TEST(Toml, AMissingKeyAndAnotherKindAreProblems) {
  const auto table = table_of("n = \"seven\"\n");
  EXPECT_EQ(table->integer("n"), 0);
  EXPECT_EQ(table->string("s"), "");
  const std::string problems = joined(table->problems());
  EXPECT_NE(problems.find("n"), std::string::npos);
  EXPECT_NE(problems.find("s"), std::string::npos);
  EXPECT_EQ(table->optional_string("o"), std::nullopt) << "absent and optional is fine";
}

TEST(Toml, ABrokenFileNamesLineAndColumn) {
  const auto table = parse_toml("a = 1\nb = = 2\n", "t.toml");
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().kind, ErrorKind::Data);
  EXPECT_NE(table.error().what.find("t.toml:2:"), std::string::npos) << table.error().what;
}

}  // namespace
}  // namespace medic
