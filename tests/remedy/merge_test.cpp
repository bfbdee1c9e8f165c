#include "remedy/merge.h"

#include <gtest/gtest.h>

#include <string>

namespace medic::remedy {
namespace {

struct MergeCase {
  std::string before;
  std::string after;
  std::string theirs;
  std::optional<std::string> merged;
  std::string why;
};

TEST(Merge, TakesBackOurLinesAndKeepsTheirs) {
  const MergeCase cases[] = {
      {"a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\nnew\n", "a\nb\nc\nnew\n", "they added a line below"},
      {"a\nc\n", "a\nb\nc\n", "first\na\nb\nc\n", "first\na\nc\n", "a line of ours goes"},
      {"a\nb\nc\n", "a\nc\n", "a\nc\nd\n", "a\nb\nc\nd\n", "a line that we took comes back"},
      {"a\nb\nc\n", "a\nc\n", "a\nx\nc\n", std::nullopt,
       "something stands between its neighbours now"},
      {"a\nb\nc\n", "a\nB\nc\n", "a\nBB\nc\n", std::nullopt, "they changed our line"},
      {"a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\na\nB\nc\n", std::nullopt, "it stands there twice"},
      {"", "a\n", "a\nb\n", "b\n", "the file was empty"},
      {"a\n", "", "b\n", std::nullopt, "nobody can tell where it stood"},
      {"a", "a\nb", "x\na\nb", "x\na", "no line end at the end"},
  };
  for (const MergeCase& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(taken_back(c.before, c.after, c.theirs), c.merged);
  }
}

}  // namespace
}  // namespace medic::remedy
