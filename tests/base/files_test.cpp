#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace medic {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = TemporaryDirectory::make();
    ASSERT_TRUE(made.has_value());
    directory_ = std::make_unique<TemporaryDirectory>(std::move(*made));
  }
  [[nodiscard]] fs::path at(const std::string& name) const { return directory_->path() / name; }

  std::unique_ptr<TemporaryDirectory> directory_;
};

mode_t mode_of(const fs::path& path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777U;
}

std::size_t entries_in(const fs::path& directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

TEST_F(Files, WhatIsWrittenIsRead) {
  const std::string bytes("a\0b\n", 4);
  ASSERT_TRUE(write_file(at("f"), bytes).has_value());
  EXPECT_EQ(read_text_file(at("f")).value_or("?"), bytes);
  EXPECT_EQ(entries_in(directory_->path()), 1U) << "no temporary file is left";
}

TEST_F(Files, AnEmptyFileIsEmptyAndNotAnError) {
  ASSERT_TRUE(write_file(at("f"), "").has_value());
  EXPECT_EQ(read_text_file(at("f")).value_or("?"), "");
}

TEST_F(Files, ReadingStopsAtTheLimit) {
  ASSERT_TRUE(write_file(at("f"), "12345").has_value());
  EXPECT_TRUE(read_file(at("f"), 5).has_value()) << "exactly the limit";
  const auto refused = read_file(at("f"), 4);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::Limit);
}

TEST_F(Files, AnEndlessDeviceOrADirectoryIsRefused) {
  EXPECT_FALSE(read_file("/dev/zero").has_value());
  EXPECT_FALSE(read_file(directory_->path()).has_value());
  EXPECT_FALSE(read_file(at("absent")).has_value());
}

TEST_F(Files, ReplacingKeepsTheMode) {
  ASSERT_TRUE(write_file(at("f"), "old").has_value());
  ASSERT_EQ(::chmod(at("f").c_str(), 0640), 0);
  ASSERT_TRUE(write_file(at("f"), "new").has_value());
  EXPECT_EQ(mode_of(at("f")), 0640U);
  EXPECT_EQ(read_text_file(at("f")).value_or("?"), "new");
}

TEST_F(Files, APrivateFileIsReadableByItsOwnerOnly) {
  ASSERT_TRUE(write_file(at("key"), "k", FileAccess::Private).has_value());
  EXPECT_EQ(mode_of(at("key")), 0600U);
}

TEST_F(Files, ALinkStaysALinkAndItsTargetIsReplaced) {
  ASSERT_TRUE(write_file(at("real"), "old").has_value());
  fs::create_symlink(at("real"), at("link"));
  ASSERT_TRUE(write_file(at("link"), "new").has_value());
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(read_text_file(at("real")).value_or("?"), "new");
}

TEST_F(Files, AFailedWriteLeavesTheOldFileAndNoRest) {
  fs::create_directory(at("d"));
  EXPECT_FALSE(write_file(at("d"), "x").has_value());
  EXPECT_FALSE(write_file(at("absent/f"), "x").has_value());
  EXPECT_EQ(entries_in(directory_->path()), 1U);
}

TEST_F(Files, TheTemporaryDirectoryIsPrivateAndGoesWithItsOwner) {
  const fs::path path = directory_->path();
  EXPECT_EQ(mode_of(path), 0700U);
  ASSERT_TRUE(write_file(at("f"), "x").has_value());
  directory_.reset();
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace medic
