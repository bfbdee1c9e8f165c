// PHP has two clients: streams (file_get_contents) read openssl.cafile and openssl.capath of
// php.ini, else OpenSSL's defaults and variables; the curl extension reads curl.cainfo, else
// openssl.cafile, else what libcurl was built with, and no variable (run with 8.2).

#include <algorithm>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/libcurl.h"
#include "clients/library_text.h"
#include "clients/openssl_defaults.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

// php8.2 of the program's name or of Debian's directory.
std::string version_of(const Machine& machine, std::string_view path) {
  const std::string real = machine.resolve(path).value_or(std::string(path));
  const std::string_view name = machine::base_name(real);
  return name.starts_with("php") && name.size() > 3 ? std::string(name.substr(3)) : std::string();
}

// Debian's layout, then those of RHEL, the images on Docker Hub, Alpine, Homebrew and Windows.
std::vector<std::string> ini_files(const Machine& machine, const std::string& version,
                                   std::string_view program) {
  std::vector<std::string> files;
  const auto add = [&](const std::string& file, const std::string& more) {
    if (!files.empty() || !machine.is_file(file)) {
      return;
    }
    files.push_back(file);
    std::ranges::copy(machine.glob(more + "/*.ini"), std::back_inserter(files));
  };
  const std::string named = machine.variable("PHPRC").value_or("");
  if (!named.empty()) {
    const std::string path = machine.joined({}, named);
    add(machine.is_directory(path) ? path + "/php.ini" : path, "/etc/php.d");
  }
  add("/etc/php/" + version + "/cli/php.ini", "/etc/php/" + version + "/cli/conf.d");
  add("/etc/php.ini", "/etc/php.d");
  add("/usr/local/etc/php/php.ini", "/usr/local/etc/php/conf.d");
  for (const std::string& file : machine.glob("/etc/php*/php.ini")) {
    add(file, std::string(machine::parent(file)) + "/conf.d");
  }
  for (const std::string& file : machine.glob("/opt/homebrew/etc/php/*/php.ini")) {
    add(file, std::string(machine::parent(file)) + "/conf.d");
  }
  add(std::string(machine::parent(program)) + "/php.ini", "/nowhere");
  return files;
}

void add_streams(Survey& survey, const std::vector<settings::Document>& documents,
                 const OpensslBuild& build, Client& client) {
  RuleList rules(survey, client.trust);
  rules.setting("openssl.cafile", last_setting_named(documents, "openssl.cafile"));
  rules.setting(
      "openssl.capath", last_setting_named(documents, "openssl.capath"),
      {.kind = PartKind::HashedDirectory, .effect = Effect::Adds, .if_broken = Outcome::Broken});
  if (client.trust.parts.empty() && !rules.decided()) {
    add_openssl_defaults(survey, build, client.trust);
  }
}

void add_curl(Survey& survey, const std::vector<settings::Document>& documents,
              const Libcurl& library, Client& client) {
  RuleList rules(survey, client.trust);
  rules.setting("curl.cainfo", last_setting_named(documents, "curl.cainfo"));
  rules.setting("openssl.cafile", last_setting_named(documents, "openssl.cafile"));
  add_libcurl_defaults(survey, library, rules.decided(), false, client.trust);
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const OpensslBuild build = system_openssl(machine);
  for (const std::string& path : machine.programs("php")) {
    const std::string version = version_of(machine, path);
    const auto documents =
        documents_of(machine, ini_files(machine, version, path), settings::read_ini);
    Client streams{.kind = "php",
                   .version = version,
                   .path = path,
                   .tls_library = build.version.empty() ? "OpenSSL" : build.version,
                   .profile = "openssl"};
    add_streams(survey, documents, build, streams);
    survey.add(std::move(streams));
    const std::vector<std::string> extensions = machine.glob("/usr/lib*/php/*/curl.so");
    const auto library = extensions.empty()
                             ? std::nullopt
                             : libcurl_of(machine, program_text(machine, extensions.back()));
    if (library) {
      Client curl{.kind = "php-curl",
                  .version = version,
                  .path = extensions.back(),
                  .runtime = path,
                  .tls_library = library->tls,
                  .profile = library->gnutls ? "gnutls" : "curl"};
      add_curl(survey, documents, *library, curl);
      survey.add(std::move(curl));
    }
  }
}

}  // namespace

extern constinit const Detector detector_php{.id = "php", .detect = detect};

}  // namespace medic::clients
