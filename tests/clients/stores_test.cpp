// What is wrong with stores, where a checked-in tree cannot show it: permissions and dates.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "base/files.h"
#include "base/time.h"
#include "clients/survey.h"
#include "machine/machine.h"

namespace medic::clients {
namespace {

namespace fs = std::filesystem;

std::string file_of(const std::string& system, const std::string& path) {
  const fs::path systems = fs::path(MEDIC_SOURCE_DIR) / "tests" / "clients";
  return read_text_file(systems / system / "root" / path).value_or("");
}

class Stores : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TemporaryDirectory::make();
    ASSERT_TRUE(made.has_value());
    directory_.emplace(*std::move(made));
  }

  void write(const std::string& path, const std::string& text) {
    const fs::path full = directory_->path() / path;
    fs::create_directories(full.parent_path());
    ASSERT_TRUE(write_file(full, text));
  }
  void permit(const std::string& path, fs::perms permissions) {
    fs::permissions(directory_->path() / path, permissions);
  }
  [[nodiscard]] Inventory inventory(std::string_view at = "2026-01-01T00:00:00Z") const {
    const auto machine =
        machine::Machine::open({.root = directory_->path(), .environment = {{"PATH", "/usr/bin"}}});
    return take_inventory(*machine, {.at = parse_time(at).value()});
  }

  std::optional<TemporaryDirectory> directory_;
};

bool has(const Inventory& inventory, std::string_view cause, std::string_view id) {
  return std::ranges::any_of(inventory.stores, [&](const StoreRecord& store) {
    return std::ranges::any_of(store.problems, [&](const Problem& problem) {
      return problem.cause == cause && problem.id == id;
    });
  });
}

TEST_F(Stores, ABundleThatOnlyItsOwnerMayReadIsToldToRootWhoCanReadIt) {
  const std::string bundle = "etc/ssl/certs/ca-certificates.crt";
  write(bundle, file_of("curl", "etc/ssl/certs/ISRG_Root_X2.pem"));
  permit(bundle, fs::perms{0644});
  EXPECT_FALSE(has(inventory(), "ca-path-broken", "store-owner-only"));
  permit(bundle, fs::perms{0600});
  EXPECT_TRUE(has(inventory(), "ca-path-broken", "store-owner-only"));
}

TEST_F(Stores, ACaOfOnesOwnThatEndedIsToldAndAPublicRootIsNot) {
  const std::string corporate = file_of("debian-broken-store", "etc/ssl/certs/old.pem");
  ASSERT_FALSE(corporate.empty());
  const std::string bundle = "etc/ssl/certs/ca-certificates.crt";
  write(bundle, file_of("curl", "etc/ssl/certs/ISRG_Root_X2.pem") + corporate);
  permit(bundle, fs::perms{0644});
  EXPECT_TRUE(has(inventory("2026-01-01T00:00:00Z"), "expired-root", "store-anchor-expired"));
  EXPECT_FALSE(has(inventory("2015-01-01T00:00:00Z"), "expired-root", "store-anchor-expired"))
      << "it was good then";
  write(bundle, file_of("curl", "etc/ssl/certs/ISRG_Root_X2.pem"));
  EXPECT_FALSE(has(inventory("2049-01-01T00:00:00Z"), "expired-root", "store-anchor-expired"))
      << "every list carries public roots past their end";
}

}  // namespace
}  // namespace medic::clients
