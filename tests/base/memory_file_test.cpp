#include "base/memory_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"
#include "base/subprocess.h"

namespace medic {
namespace {

TEST(MemoryFile, AnotherProcessReadsItAndNobodyChangesIt) {
  const auto file = MemoryFile::make("some roots\n");
  if (!file) {
    GTEST_SKIP() << file.error().what;
  }
  const auto read = run_process({.argv = {"cat", file->path()}});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->out, "some roots\n");
  const auto written = run_process({.argv = {"sh", "-c", "echo evil >> \"$0\"", file->path()}});
  ASSERT_TRUE(written.has_value());
  EXPECT_NE(written->exit_status, 0);
  EXPECT_EQ(*read_text_file(file->path()), "some roots\n");
}

TEST(MemoryFile, IsGoneWithItsOwner) {
  std::string path;
  {
    const auto file = MemoryFile::make("x");
    if (!file) {
      GTEST_SKIP() << file.error().what;
    }
    path = file->path();
  }
  EXPECT_FALSE(read_text_file(path).has_value());
}

}  // namespace
}  // namespace medic
