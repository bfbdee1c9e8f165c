// mysql and mariadb. Of MariaDB before 11.4 a named ssl-ca is verified and without one nothing is,
// unless ssl-verify-server-cert asks for OpenSSL's default paths (run with 10.11.19); from 11.4 on
// verifying is the default. Of MySQL the mode VERIFY_CA or VERIFY_IDENTITY asks for it.

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/library_text.h"
#include "clients/openssl_defaults.h"
#include "clients/python.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

struct Options {
  std::optional<Setting> file, directory, verify, mode;
};

std::string normalised(std::string_view key) {
  std::string name(key);
  std::ranges::replace(name, '_', '-');
  return name.starts_with("loose-") ? name.substr(6) : name;
}

void take(const settings::Document& document, Options& options) {
  constexpr std::array<std::string_view, 6> kGroups = {
      "client", "mysql", "client-server", "client-mariadb", "mariadb-client", "mariadb"};
  for (const settings::Entry& entry : document.entries) {
    if (entry.path.size() != 2 || std::ranges::find(kGroups, entry.path[0]) == kGroups.end()) {
      continue;
    }
    const bool bare = entry.kind == settings::ValueKind::Null;
    const Setting setting{.value = bare ? "1" : entry.value,
                          .origin = {.file = document.file, .line = entry.line}};
    const std::string key = normalised(entry.path[1]);
    if (key == "ssl-ca") {
      options.file = setting;
    } else if (key == "ssl-capath") {
      options.directory = setting;
    } else if (key == "ssl-verify-server-cert") {
      options.verify = setting;
    } else if (key == "skip-ssl-verify-server-cert" || key == "disable-ssl-verify-server-cert") {
      options.verify = Setting{.value = "0", .origin = setting.origin};
    } else if (key == "ssl-mode") {
      options.mode = setting;
    }
  }
}

// my_print_defaults(1): the system's files, then the user's; !includedir reads *.cnf in order.
Options read_options(const Machine& machine) {
  constexpr std::size_t kMostFiles = 64;
  std::vector<std::string> files = {"/etc/my.cnf", "/etc/mysql/my.cnf",
                                    home_of(machine) + "/.my.cnf"};
  Options options;
  for (std::size_t i = 0; i < files.size() && files.size() < kMostFiles; ++i) {
    const auto text = machine.read(files[i]);
    if (!text) {
      continue;
    }
    const settings::Document document = settings::read_ini(files[i], *text);
    take(document, options);
    std::vector<std::string> more;
    for (const settings::Include& include : document.includes) {
      std::string path = machine.joined(machine::parent(files[i]), include.path);
      while (path.size() > 1 && path.ends_with('/')) {
        path.pop_back();
      }
      if (machine.is_directory(path)) {
        std::ranges::copy(machine.glob(path + "/*.cnf"), std::back_inserter(more));
      } else {
        more.push_back(std::move(path));
      }
    }
    files.insert(files.begin() + static_cast<std::ptrdiff_t>(i) + 1, more.begin(), more.end());
  }
  return options;
}

// "10.11.19-MariaDB" as a text of its own; MySQL's client has "8.0.40".
struct Build {
  bool mariadb = false;
  std::string version;
};

Build build_of(const Machine& machine, const std::string& path) {
  const std::string text = program_text(machine, path);
  const std::size_t mark = text.find("-MariaDB");
  if (mark == std::string::npos) {
    return {};
  }
  std::size_t start = mark;
  while (start > 0 &&
         (text[start - 1] == '.' || (text[start - 1] >= '0' && text[start - 1] <= '9'))) {
    --start;
  }
  return {.mariadb = true, .version = text.substr(start, mark - start)};
}

bool verifies(const Build& build, const Options& options) {
  if (options.mode && !build.mariadb) {
    return options.mode->value.starts_with("VERIFY") || options.mode->value.starts_with("verify");
  }
  if (!build.mariadb) {
    return false;
  }
  if (options.verify) {
    return !says_no(options.verify->value) || options.file || options.directory;
  }
  return options.file || options.directory || compare_versions(build.version, "11.4") >= 0;
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  auto path = machine.program("mariadb");
  if (!path) {
    path = machine.program("mysql");
  }
  if (!path) {
    return;
  }
  const Build build = build_of(machine, *path);
  const Options options = read_options(machine);
  Client client{.kind = build.mariadb ? "mariadb" : "mysql",
                .version = build.version,
                .path = *path,
                .tls_library = system_openssl(machine).version,
                .profile = "openssl",
                .reach = {.protocol = "mysql"}};
  RuleList rules(survey, client.trust);
  rules.setting("ssl-ca", options.file, {.purpose = Purpose::OwnServers});
  rules.setting("ssl-capath", options.directory,
                {.kind = PartKind::HashedDirectory,
                 .effect = Effect::Adds,
                 .if_broken = Outcome::Broken,
                 .purpose = Purpose::OwnServers});
  client.trust.verifies = verifies(build, options);
  client.policy = client.trust.verifies ? "" : "clients.policy-mysql-off";
  if (client.trust.verifies && !rules.decided() && client.trust.parts.empty()) {
    add_openssl_defaults(survey, system_openssl(machine), client.trust);
  }
  const auto& off = build.mariadb ? options.verify : options.mode;
  if (off && !client.trust.verifies) {
    client.problems.push_back(
        {.cause = "verification-disabled-on-purpose",
         .id = "mode-verifies-nothing",
         .subject = off->value,
         .origin = off->origin,
         .facts = {{"name", build.mariadb ? "ssl-verify-server-cert" : "ssl-mode"},
                   {"value", off->value}}});
  }
  survey.add(std::move(client));
}

}  // namespace

extern constinit const Detector detector_mysql{.id = "mysql", .detect = detect};

}  // namespace medic::clients
