#include "clients/startup_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/files.h"

namespace medic::clients {
namespace {

struct Row {
  std::string_view file;
  std::string_view text;
  std::string_view found;  // "NAME=value @line"; empty: nothing
  std::string_view why;
};

constexpr Row kRows[] = {
    {"etc/environment", "LANG=C\nSSL_CERT_FILE=\"/srv/a.pem\"\n", "SSL_CERT_FILE=/srv/a.pem @2",
     "pam_env reads it for every session"},
    {"home/kim/.bashrc", "# corp\nexport REQUESTS_CA_BUNDLE=$HOME/a.pem\n",
     "REQUESTS_CA_BUNDLE=/home/kim/a.pem @2", "a path of the home"},
    {"home/kim/.bashrc", "export SSL_CERT_FILE=$(brew --prefix)/a.pem\n",
     "SSL_CERT_FILE=$(brew --prefix)/a.pem @1", "only running would tell: kept as written"},
    {"home/kim/.bashrc", "unset SSL_CERT_FILE\nPS1=x\n", "", "takes it away, sets another"},
    {"home/kim/.config/environment.d/10-corp.conf", "NODE_EXTRA_CA_CERTS=/srv/a.pem\n",
     "NODE_EXTRA_CA_CERTS=/srv/a.pem @1", "systemd's user manager"},
    {"home/kim/.config/fish/config.fish", "set -gx CURL_CA_BUNDLE /srv/a.pem\n",
     "CURL_CA_BUNDLE=/srv/a.pem @1", "fish"},
    {"etc/profile.d/corp.sh", "export https_proxy=http://kim:secret@proxy:3128\n",
     "https_proxy=http://proxy:3128 @1", "a password is nobody's business"},
};

TEST(StartupFiles, SayWhoSetsAVariable) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string(row.file) + ": " + std::string(row.why));
    const auto tree = TemporaryDirectory::make();
    ASSERT_TRUE(tree.has_value());
    const std::filesystem::path file = tree->path() / row.file;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << row.text;
    const auto machine =
        machine::Machine::open({.root = tree->path(), .environment = {{"HOME", "/home/kim"}}});
    ASSERT_TRUE(machine.has_value());
    Survey survey(*machine);
    std::string found;
    for (const VariableRecord& record : survey_startup_files(survey)) {
      EXPECT_EQ(record.origin.file, "/" + std::string(row.file));
      found += record.name + "=" + record.value + " @" + std::to_string(record.origin.line);
    }
    EXPECT_EQ(found, row.found);
  }
}

TEST(StartupFiles, AFileThatIsNotThereIsAProblemOfTheLineThatNamesIt) {
  const auto tree = TemporaryDirectory::make();
  ASSERT_TRUE(tree.has_value());
  std::filesystem::create_directories(tree->path() / "etc");
  std::ofstream(tree->path() / "etc/environment") << "SSL_CERT_FILE=/srv/gone.pem\n";
  const auto machine = machine::Machine::open({.root = tree->path()});
  ASSERT_TRUE(machine.has_value());
  const Inventory inventory = take_inventory(*machine, {.startup_files = true});
  ASSERT_EQ(inventory.environment.size(), 1U);
  ASSERT_EQ(inventory.environment[0].problems.size(), 1U);
  EXPECT_EQ(inventory.environment[0].problems[0].cause, "ca-path-broken");
  EXPECT_EQ(origin_text(inventory.environment[0].problems[0].origin),
            "SSL_CERT_FILE (/etc/environment:1)");
  EXPECT_TRUE(take_inventory(*machine).environment.empty()) << "private files are asked for";
}

}  // namespace
}  // namespace medic::clients
