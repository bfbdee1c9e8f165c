// What of a tree is read: .gitignore, links, packages changed in place.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "audit/ignore.h"
#include "audit/record.h"
#include "base/files.h"

namespace medic::audit {
namespace {

namespace fs = std::filesystem;

struct IgnoreCase {
  std::string_view pattern;
  std::string_view path;
  bool directory;
  bool ignored;
  std::string_view why;
};

constexpr IgnoreCase kIgnoreCases[] = {
    {"*.py", "a/b.py", false, true, "no slash: any directory"},
    {"*.py", "b.pyc", false, false, "the whole name"},
    {"/b.py", "a/b.py", false, false, "a leading slash anchors"},
    {"a/*.py", "a/b.py", false, true, "a slash within anchors too"},
    {"a/*.py", "a/c/b.py", false, false, "a star stops at a slash"},
    {"a/**/b.py", "a/b.py", false, true, "two stars stand for no directory"},
    {"a/**/b.py", "a/c/d/b.py", false, true, "and for many"},
    {"build/", "build", false, false, "a file is no directory"},
    {"build/", "x/build", true, true, "a directory anywhere"},
    {"[a-c]?.py", "b1.py", false, true, "a class and one character"},
    {"*.py\n!keep.py", "keep.py", false, false, "a later pattern takes it back"},
    {"# *.py", "b.py", false, false, "a comment"},
};

TEST(AuditTree, IgnoresAsGitDoes) {
  for (const IgnoreCase& c : kIgnoreCases) {
    SCOPED_TRACE(fmt::format("{} against {}: {}", c.pattern, c.path, c.why));
    EXPECT_EQ(ignore_answer(parse_ignore(c.pattern), c.path, c.directory) == IgnoreAnswer::Ignore,
              c.ignored);
  }
}

std::vector<std::string> files_found(const fs::path& root, Ignored ignored) {
  const auto report = audit({.paths = {root}, .ignored = ignored, .only = std::nullopt});
  std::vector<std::string> files;
  for (const Finding& finding : report ? report->findings : std::vector<Finding>{}) {
    files.push_back(fs::path(finding.file).lexically_relative(root).generic_string());
  }
  return files;
}

TEST(AuditTree, LeavesOutWhatGitIgnoresAndDoesNotFollowLinks) {
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory);
  const fs::path root = directory->path();
  const std::string bad = "import requests\nrequests.get('https://example.org', verify=False)\n";
  fs::create_directories(root / "node_modules");
  fs::create_directories(root / "out");
  for (const std::string_view name : {"a.py", "out/b.py", "node_modules/c.py"}) {
    ASSERT_TRUE(write_file(root / name, bad));
  }
  ASSERT_TRUE(write_file(root / ".gitignore", "out/\n"));
  fs::create_directory_symlink(root, root / "again");
  EXPECT_EQ(files_found(root, Ignored::LeftOut), std::vector<std::string>({"a.py"}));
  EXPECT_EQ(files_found(root, Ignored::Included),
            std::vector<std::string>({"a.py", "node_modules/c.py", "out/b.py"}));
}

TEST(AuditTree, AChangedPackageShowsByItsRecord) {
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory);
  const fs::path root = directory->path();
  fs::create_directories(root / "requests");
  fs::create_directories(root / "requests-2.32.3.dist-info");
  ASSERT_TRUE(write_file(root / "requests" / "sessions.py", "x = 1\n"));
  // The SHA-256 of "x = 1\n" in base64url without padding, and of something else.
  const std::string record = "requests-2.32.3.dist-info/RECORD";
  const std::string good =
      "requests/sessions.py,sha256=nia_NpkRxFwkPGhBR7I_yeHc_PJX0pmhxjIBam_NM_Q,6\n";
  const std::string wrong =
      "requests/sessions.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,6\n";
  ASSERT_TRUE(write_file(root / record, wrong + "requests/other.py,,\n"));
  EXPECT_EQ(files_found(root, Ignored::LeftOut),
            std::vector<std::string>({"requests/sessions.py"}));
  ASSERT_TRUE(write_file(root / record, good));
  EXPECT_TRUE(files_found(root, Ignored::LeftOut).empty());
}

TEST(AuditTree, ExceptionsHoldUntilTheirDayAndNeedAReason) {
  const std::string code = "import requests\nrequests.get('https://example.org', verify=False)  # ";
  const std::string mark = "tlsmedic:";
  struct Row {
    std::string comment;
    bool found;
    std::string_view why;
  };
  const Row rows[] = {
      {mark + " allow python-verify-off until 2026-06-30 because of the lab", false, "it holds"},
      {mark + " allow python-verify-off until 2026-01-01 because of the lab", false,
       "the day itself counts"},
      {mark + " allow python-verify-off until 2025-12-31 because of the lab", true, "expired"},
      {mark + " allow python-verify-off until 2026-06-30", true, "no reason"},
      {mark + " allow python-verify-off because of the lab", true, "no date"},
      {mark + " allow python-cert-none until 2026-06-30 because of the lab", true, "another rule"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    const TextAudit audit =
        audit_text("a.py", code + row.comment + "\n", *parse_time("2026-01-01"));
    EXPECT_EQ(!audit.findings.empty(), row.found);
    EXPECT_EQ(audit.allowances.size(), 1U);
  }
}

}  // namespace
}  // namespace medic::audit
