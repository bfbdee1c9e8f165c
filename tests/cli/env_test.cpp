#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "base/subprocess.h"
#include "tests/cli/call.h"
#include "trust/anchors.h"
#include "x509/container.h"

namespace medic::cli {
namespace {

// A bundle whose path needs care in every shell.
struct OddBundle {
  TemporaryDirectory directory = *TemporaryDirectory::make();
  std::string path = (directory.path() / "it's $HOME `x` a\\b.pem").string();

  OddBundle() {
    const x509::CertificatePtr root = trust::mozilla_anchors()->all().front().certificate;
    EXPECT_TRUE(write_file(path, x509::pem(*root)));
  }
};

TEST(EnvCommand, AShellThatReadsItsLinesHasThePathUnchanged) {
  const OddBundle bundle;
  struct Row {
    std::string shell;
    std::vector<std::string> reader;  // runs the lines and prints the variable
  };
  const Row rows[] = {{"bash", {"sh", "-c", "eval \"$1\"; printf %s \"$SSL_CERT_FILE\"", "sh"}},
                      {"zsh", {"zsh", "-fc", "eval \"$1\"; printf %s \"$SSL_CERT_FILE\"", "zsh"}},
                      {"fish", {"fish", "-Nc", "eval $argv[1]; printf %s $SSL_CERT_FILE"}}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.shell);
    const Answer answer = call({"env", "--quiet", "--shell", row.shell, "--bundle", bundle.path},
                               {{"PATH", "/usr/bin:/bin"}, {"HOME", "/nonexistent"}});
    ASSERT_EQ(answer.code, ExitCode::Healthy) << answer.err;
    std::vector<std::string> argv = row.reader;
    argv.push_back(answer.out);
    const auto ran = run_process({.argv = argv});
    if (ran && ran->exit_status == 0) {
      EXPECT_EQ(ran->out, bundle.path);
    } else {
      EXPECT_NE(row.shell, "bash") << "every machine has sh";
    }
  }
}

TEST(EnvCommand, SyntaxesWithoutQuotesRefuseWhatTheyCannotCarry) {
  const OddBundle bundle;
  for (const std::string shell : {"docker", "dotenv"}) {
    SCOPED_TRACE(shell);
    const Answer answer = call({"env", "--shell", shell, "--bundle", bundle.path});
    EXPECT_EQ(answer.code, ExitCode::Usage);
    EXPECT_TRUE(answer.out.empty());
  }
}

TEST(EnvCommand, ABundleThatClientsCouldNotUseIsRefused) {
  const OddBundle bundle;
  const std::string empty = (bundle.directory.path() / "empty.pem").string();
  ASSERT_TRUE(write_file(empty, "no certificate\n"));
  EXPECT_EQ(call({"env", "--bundle", empty}).code, ExitCode::CouldNotLook);
  EXPECT_EQ(call({"env", "--bundle", empty + ".absent"}).code, ExitCode::CouldNotLook);
}

TEST(EnvCommand, JavasOptionsAreAddedToThoseThatAreThere) {
  const OddBundle bundle;
  const Answer answer = call(
      {"env", "--quiet", "--shell", "github", "--bundle", bundle.path, "--keystore", "/k/x.jks"},
      {{"JAVA_TOOL_OPTIONS", "-Xmx1g"}});
  EXPECT_NE(answer.out.find("JAVA_TOOL_OPTIONS=-Xmx1g -Djavax.net.ssl.trustStore=/k/x.jks "),
            std::string::npos)
      << answer.out;
}

TEST(BundleCommands, ARootIsOnlyAddedByItsFingerprint) {
  const TemporaryDirectory directory = *TemporaryDirectory::make();
  const x509::CertificatePtr root = trust::mozilla_anchors()->all().front().certificate;
  const std::string path = (directory.path() / "root.pem").string();
  ASSERT_TRUE(write_file(path, x509::pem(*root)));
  const std::string out = (directory.path() / "out.pem").string();
  const Answer without = call({"bundle", "build", "--output", out, "--add", path});
  EXPECT_EQ(without.code, ExitCode::Usage);
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_NE(without.err.find(hex(root->fingerprint)), std::string::npos) << without.err;
  const Answer with =
      call({"bundle", "build", "--output", out, "--add", path, "--sha256", hex(root->fingerprint)});
  EXPECT_EQ(with.code, ExitCode::Healthy) << with.err;
  EXPECT_EQ(call({"bundle", "diff", path, path}).code, ExitCode::Healthy);
  EXPECT_EQ(call({"bundle", "diff", path, out}).code, ExitCode::Found);
  EXPECT_EQ(call({"bundle", "lint", path}).code, ExitCode::Healthy);
}

}  // namespace
}  // namespace medic::cli
