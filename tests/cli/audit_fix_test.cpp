// `audit --fix`: what is rewritten, what is left to a person, and that undo is exact.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/files.h"
#include "tests/cli/call.h"

namespace medic::cli {
namespace {

namespace fs = std::filesystem;

class AuditFix : public ::testing::Test {
 protected:
  AuditFix() : directory_(*TemporaryDirectory::make()) {
    fs::create_directories(directory_.path() / "src");
    fs::create_directories(directory_.path() / "home");
  }

  [[nodiscard]] std::string path(std::string_view name) const {
    return (directory_.path() / "src" / name).string();
  }
  void write(std::string_view name, std::string_view text) const {
    ASSERT_TRUE(write_file(path(name), text));
  }
  [[nodiscard]] std::string read(std::string_view name) const {
    return read_text_file(path(name)).value_or("(none)");
  }
  [[nodiscard]] Answer run(std::vector<std::string> words) const {
    return call(words, {{"HOME", (directory_.path() / "home").string()},
                        {"XDG_STATE_HOME", (directory_.path() / "home/state").string()}});
  }

  TemporaryDirectory directory_;
};

TEST_F(AuditFix, RewritesWhatIsSafeAndUndoTakesItBack) {
  const std::string before =
      "import requests\n\nrequests.get('https://a.example', verify=False)\n"
      "requests.post('https://a.example', data={}, verify=False, timeout=3)\n";
  write("fetch.py", before);
  const Answer asked = run({"audit", path(""), "--fix"});
  EXPECT_EQ(asked.code, ExitCode::Usage) << "nobody agreed";
  EXPECT_EQ(read("fetch.py"), before);
  EXPECT_NE(asked.out.find("-requests.get('https://a.example', verify=False)"), std::string::npos)
      << asked.out;

  const Answer fixed = run({"audit", path(""), "--fix", "--yes"});
  EXPECT_EQ(fixed.code, ExitCode::Healthy) << fixed.out << fixed.err;
  EXPECT_EQ(read("fetch.py").find("verify=False"), std::string::npos) << read("fetch.py");
  EXPECT_NE(read("fetch.py").find("timeout=3"), std::string::npos) << read("fetch.py");
  EXPECT_EQ(run({"audit", path("")}).code, ExitCode::Healthy);

  const Answer undone = run({"undo", "--last"});
  EXPECT_EQ(undone.code, ExitCode::Healthy) << undone.out << undone.err;
  EXPECT_EQ(read("fetch.py"), before);
}

TEST_F(AuditFix, WhatNeedsAPersonStays) {
  const std::string text =
      "import ssl\nssl._create_default_https_context = ssl._create_unverified_context\n";
  write("patch.py", text);
  const Answer answer = run({"audit", path(""), "--fix", "--yes"});
  const bool rewritten = read("patch.py") != text;
  // Whatever the rule proposes: a file that was changed must be clean, one that was not is told.
  EXPECT_EQ(answer.code, rewritten ? ExitCode::Healthy : ExitCode::Found) << answer.err;
  EXPECT_EQ(run({"audit", path("")}).code, rewritten ? ExitCode::Healthy : ExitCode::Found);
}

TEST_F(AuditFix, AFormatForProgramsIsNotMixedWithIt) {
  write("fetch.py", "import requests\nrequests.get('https://a.example', verify=False)\n");
  EXPECT_EQ(run({"audit", path(""), "--fix", "--format", "sarif"}).code, ExitCode::Usage);
}

}  // namespace
}  // namespace medic::cli
