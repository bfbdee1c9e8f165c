#include "clients/repair.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>

#include "base/files.h"

namespace medic::clients {
namespace {

namespace fs = std::filesystem;

struct Row {
  std::string_view why;
  std::string_view system;  // of tests/clients
  std::string_view client;
  std::string_view file;  // that is written over it
  std::string_view text;
  std::string_view rule;      // the setting that is broken; empty: it stays broken
  std::string_view repaired;  // what the client reads without it
};

constexpr Row kRows[] = {
    {"the user's pip.conf names what is gone: the site's file decides without that line", "pip",
     "pip", "home/kim/.config/pip/pip.conf", "[global]\ntimeout = 3\ncert = /srv/none.pem\n",
     "global.cert", "global.cert"},
    {".gitconfig", "git", "git", "home/kim/.gitconfig",
     "[user]\n\tname = kim\n[http]\n\tsslCAInfo = /srv/none.pem\n", "http.sslCAInfo", "CApath"},
    {"the user's .npmrc: the global one decides", "npm", "npm", "home/kim/.npmrc",
     "audit=false\ncafile=/srv/none.pem\n", "cafile", "cafile"},
    {".condarc", "conda", "conda", "home/kim/.condarc", "ssl_verify: /srv/none.pem\n", "ssl_verify",
     "certifi"},
    {"php.ini", "php", "php", "etc/php/8.2/cli/conf.d/90-corp.ini",
     "[openssl]\nopenssl.cafile = /srv/none.pem\n", "openssl.cafile", "OPENSSLDIR/certs"},
};

class Repair : public testing::TestWithParam<Row> {};

TEST_P(Repair, ShowsWhatTheClientWouldReadWithoutTheLine) {
  const Row& row = GetParam();
  SCOPED_TRACE(row.why);
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory.has_value());
  fs::copy(fs::path(MEDIC_SOURCE_DIR) / "tests/clients" / row.system / "root", directory->path(),
           fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  const fs::path file = directory->path() / row.file;
  fs::create_directories(file.parent_path());
  ASSERT_TRUE(write_file(file, row.text));
  const auto machine = machine::Machine::open(
      {.root = directory->path(),
       .environment = {{"PATH", "/opt/conda/bin:/opt/miniconda3/bin:/usr/bin:/bin"},
                       {"HOME", "/home/kim"}}});
  ASSERT_TRUE(machine.has_value());
  const Inventory broken = take_inventory(*machine);
  const auto found = clients_named(broken, row.client);
  ASSERT_FALSE(found.empty());
  const auto trouble = std::ranges::find(found.front()->trust.trace, row.rule, &Rule::name);
  ASSERT_NE(trouble, found.front()->trust.trace.end());
  EXPECT_EQ(trouble->trouble, "absent");
  const Inventory healed = without_broken_settings(*machine, broken);
  const auto now = clients_named(healed, row.client);
  ASSERT_FALSE(now.empty());
  EXPECT_EQ(now.front()->trust.rule, row.repaired);
  EXPECT_TRUE(only_repaired(*found.front(), *now.front()));
  EXPECT_EQ(read_text_file(file).value_or(""), row.text) << "nothing is written";
}

INSTANTIATE_TEST_SUITE_P(Files, Repair, testing::ValuesIn(kRows), [](const auto& row) {
  std::string name(row.param.client);
  return name;
});

TEST(Repairs, ALineThatTakesOtherSettingsWithItProvesNothing) {
  Client before{.kind = "x"};
  before.trust.trace = {
      {.name = "cafile", .value = "/gone", .trouble = "absent"},
      {.name = "capath", .value = "/srv/ca", .origin = {.file = "/c", .line = 3}}};
  Client after{.kind = "x"};
  EXPECT_FALSE(only_repaired(before, after));
  after.trust.trace = {{.name = "capath", .value = "/srv/ca", .origin = {.file = "/c", .line = 3}}};
  EXPECT_TRUE(only_repaired(before, after));
}

}  // namespace
}  // namespace medic::clients
