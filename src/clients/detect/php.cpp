// PHP has two clients: streams (file_get_contents) read openssl.cafile and openssl.capath of
// php.ini, else OpenSSL's defaults and variables; the curl extension reads curl.cainfo, else
// openssl.cafile, else what libcurl was built with, and no variable (run with 8.2).

#include "clients/php.h"

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/libcurl.h"
#include "clients/openssl_defaults.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

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
    const std::string version = php_version(machine, path);
    const auto documents =
        documents_of(machine, php_ini_files(machine, version, path), settings::read_ini);
    Client streams{.kind = "php",
                   .version = version,
                   .path = path,
                   .tls_library = build.version.empty() ? "OpenSSL" : build.version,
                   .profile = "openssl"};
    add_streams(survey, documents, build, streams);
    survey.add(std::move(streams));
    const auto extension = php_curl_of(machine);
    if (extension) {
      const Libcurl& library = extension->library;
      Client curl{.kind = "php-curl",
                  .version = version,
                  .path = extension->path,
                  .runtime = path,
                  .tls_library = library.tls,
                  .profile = library.gnutls ? "gnutls" : "curl"};
      add_curl(survey, documents, library, curl);
      survey.add(std::move(curl));
    }
  }
}

}  // namespace

extern constinit const Detector detector_php{.id = "php", .detect = detect};

}  // namespace medic::clients
