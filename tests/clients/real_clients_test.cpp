// Clients that are installed here are asked what they read, where they can tell it without a
// connection, and the inventory must have said the same. Absent ones are skipped, aloud.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/files.h"
#include "base/subprocess.h"
#include "clients/detector.h"
#include "clients/openssl_defaults.h"
#include "clients/survey.h"
#include "machine/machine.h"

namespace medic::clients {
namespace {

namespace fs = std::filesystem;

class RealClient : public testing::Test {
 protected:
  void SetUp() override {
    auto home = TemporaryDirectory::make();
    ASSERT_TRUE(home.has_value());
    home_.emplace(*std::move(home));
    environment_ = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", home_->path().string()}};
  }

  [[nodiscard]] bool installed(std::string_view name) const {
    return machine().program(name).has_value();
  }
  [[nodiscard]] machine::Machine machine() const {
    return *machine::Machine::open({.root = {}, .environment = environment_});
  }
  // The first client of the kind, as one detector alone finds it.
  [[nodiscard]] Client found(std::string_view detector, std::string_view kind) const {
    const machine::Machine here = machine();
    Survey survey(here);
    for (const Detector* const one : detector_registry()) {
      if (one->id == detector) {
        one->detect(survey);
      }
    }
    const Inventory inventory = survey.finish();
    const auto client = std::ranges::find(inventory.clients, kind, &Client::kind);
    return client == inventory.clients.end() ? Client{} : *client;
  }
  // What the client prints, without the line end.
  [[nodiscard]] std::string said(std::vector<std::string> argv) const {
    const auto run = run_process({.argv = std::move(argv), .environment = environment_});
    std::string text = run ? run->out : std::string();
    while (text.ends_with('\n')) {
      text.pop_back();
    }
    return text;
  }
  std::string write(const std::string& name, const std::string& text) {
    const fs::path path = home_->path() / name;
    fs::create_directories(path.parent_path());
    EXPECT_TRUE(write_file(path, text));
    return path.string();
  }

  std::optional<TemporaryDirectory> home_;
  Environment environment_;
};

// The value of the rule that the client would obey, whether its file is there or not.
std::string strongest(const Client& client, std::string_view rule) {
  const auto found = std::ranges::find_if(client.trust.trace, [&](const Rule& one) {
    return (one.name == rule || one.origin.variable.starts_with(rule)) && !one.value.empty();
  });
  return found == client.trust.trace.end() ? std::string() : found->value;
}

TEST_F(RealClient, NpmHasTheCafileThatWeRead) {
  if (!installed("npm") || !installed("node")) {
    GTEST_SKIP() << "Skipped: no npm";
  }
  write(".npmrc", "cafile=/of/the/user.pem\n");
  EXPECT_EQ(said({"npm", "config", "get", "cafile"}), "/of/the/user.pem");
  EXPECT_EQ(strongest(found("npm", "npm"), "cafile"), "/of/the/user.pem");
  environment_["NPM_CONFIG_CAFILE"] = "/of/the/variable.pem";
  EXPECT_EQ(said({"npm", "config", "get", "cafile"}), "/of/the/variable.pem");
  EXPECT_EQ(strongest(found("npm", "npm"), "NPM_CONFIG_CAFILE"), "/of/the/variable.pem");
}

TEST_F(RealClient, MariadbReadsTheOptionsThatWeRead) {
  if (!installed("mariadb")) {
    GTEST_SKIP() << "Skipped: no mariadb";
  }
  write(".my.cnf", "[client]\nssl_ca = /of/the/user.pem\n[mysqld]\nssl-ca = /of/the/server.pem\n");
  const std::string options = said({"mariadb", "--print-defaults"});
  EXPECT_NE(options.find("/of/the/user.pem"), std::string::npos) << options;
  EXPECT_EQ(options.find("/of/the/server.pem"), std::string::npos) << options;
  EXPECT_EQ(strongest(found("mysql", "mariadb"), "ssl-ca"), "/of/the/user.pem");
}

TEST_F(RealClient, PhpHasTheListThatWeRead) {
  if (!installed("php")) {
    GTEST_SKIP() << "Skipped: no php";
  }
  environment_["PHPRC"] = home_->path().string();
  write("php.ini", "[openssl]\nopenssl.cafile = \"/of/the/user.pem\"\n");
  EXPECT_EQ(said({"php", "-r", "echo ini_get('openssl.cafile');"}), "/of/the/user.pem");
  EXPECT_EQ(strongest(found("php", "php"), "openssl.cafile"), "/of/the/user.pem");
}

TEST_F(RealClient, RubyAndPerlHaveTheFileThatWeRead) {
  const OpensslBuild build = system_openssl(machine());
  if (!installed("ruby") && !installed("openssl")) {
    GTEST_SKIP() << "Skipped: neither ruby nor openssl";
  }
  if (installed("ruby")) {
    EXPECT_EQ(said({"ruby", "-ropenssl", "-e", "puts OpenSSL::X509::DEFAULT_CERT_FILE"}),
              build.directory + "/cert.pem");
  }
  if (installed("openssl")) {
    EXPECT_EQ(said({"openssl", "version", "-d"}), "OPENSSLDIR: \"" + build.directory + "\"");
    const std::string version = found("openssl", "openssl").version;
    EXPECT_NE(said({"openssl", "version"}).find("OpenSSL " + version + " "), std::string::npos);
  }
}

TEST_F(RealClient, GoHasTheVersionThatItsBlockSays) {
  environment_["PATH"] += ":/usr/local/go/bin";
  if (!installed("go")) {
    GTEST_SKIP() << "Skipped: no go";
  }
  environment_["GOTOOLCHAIN"] = "local";
  const std::string version = found("go", "go").version;
  EXPECT_NE(said({"go", "version"}).find(" " + version + " "), std::string::npos) << version;
}

TEST_F(RealClient, GitHasTheSettingsThatWeRead) {
  if (!installed("git") || found("git", "git").path.empty()) {
    GTEST_SKIP() << "Skipped: no git that speaks HTTPS";
  }
  write(".gitconfig", "[http]\n\tsslCAInfo = /of/the/user.pem\n");
  EXPECT_EQ(said({"git", "config", "--get", "http.sslCAInfo"}), "/of/the/user.pem");
  EXPECT_EQ(strongest(found("git", "git"), "http.sslCAInfo"), "/of/the/user.pem");
}

}  // namespace
}  // namespace medic::clients
