// The binary files of the fake systems are what the writer makes; MEDIC_BLESS=1 writes them.

#include "tests/clients/tree_binaries.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.h"

namespace medic::clients {
namespace {

TEST(TreeBinaries, AreWhatTheWriterMakes) {
  const std::filesystem::path directory =
      std::filesystem::path(MEDIC_SOURCE_DIR) / "tests" / "clients";
  const bool bless = std::getenv("MEDIC_BLESS") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  for (const test::TreeBinary& binary : test::tree_binaries()) {
    const std::filesystem::path path = directory / binary.path;
    if (bless) {
      std::filesystem::create_directories(path.parent_path());
      ASSERT_TRUE(write_file(path, binary.bytes));
    }
    const auto bytes = read_text_file(path);
    ASSERT_TRUE(bytes.has_value()) << bytes.error().what;
    EXPECT_TRUE(*bytes == binary.bytes) << binary.path << ": run this test with MEDIC_BLESS=1";
  }
}

}  // namespace
}  // namespace medic::clients
