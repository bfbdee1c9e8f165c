// Composer: cafile and capath of its configuration or COMPOSER_CAFILE and COMPOSER_CAPATH, else the
// first of SSL_CERT_FILE, SSL_CERT_DIR, php.ini and a list of distributions' paths that can be
// used, else its own list (composer/ca-bundle, CaBundle.php; run with 2.5.5). PHP's curl extension
// is told of one file or one directory, so that the other half of what libcurl was built with
// stays.

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/php.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

// CaBundle::getSystemCaRootBundlePath(), those of Linux and macOS.
constexpr std::array<std::string_view, 6> kPlaces = {"/etc/pki/tls/certs/ca-bundle.crt",
                                                     "/etc/ssl/certs/ca-certificates.crt",
                                                     "/etc/ssl/ca-bundle.pem",
                                                     "/usr/local/share/certs/ca-root-nss.crt",
                                                     "/opt/local/share/curl/curl-ca-bundle.crt",
                                                     "/etc/ssl/cert.pem"};

// Factory::getHomeDir(): the first that is there.
std::string home_of_composer(const Machine& machine) {
  const std::string named = machine.variable("COMPOSER_HOME").value_or("");
  if (!named.empty()) {
    return machine.joined({}, named);
  }
  if (machine.family() == machine::Family::Windows) {
    return config_home(machine) + "/Composer";
  }
  const std::string xdg = xdg_config_home(machine) + "/composer";
  return machine.is_directory(xdg) ? xdg : home_of(machine) + "/.composer";
}

std::optional<Setting> configured(const Machine& machine,
                                  const std::vector<settings::Document>& documents,
                                  std::string_view variable, std::string_view key) {
  const auto set = variable_setting(machine, variable);
  return set ? set : last_setting(documents, {"config", key});
}

// glob('/*') finds something.
bool holds_files(const std::vector<machine::Entry>& entries) {
  return std::ranges::any_of(
      entries, [](const machine::Entry& entry) { return !entry.name.starts_with('.'); });
}

// The variables count only while they name something with certificates in it.
void add_variable(const Machine& machine, std::string_view name, RuleList& rules) {
  const std::string path = machine.joined({}, machine.variable(name).value_or(""));
  const auto entries = machine.list(path);
  if (entries && !holds_files(*entries)) {
    rules.trust().trace.push_back({.kind = RuleKind::Variable,
                                   .name = std::string(name),
                                   .value = path,
                                   .origin = {.variable = std::string(name)},
                                   .outcome = Outcome::Ignored});
    return;
  }
  rules.variable(name, {.if_broken = Outcome::Broken, .directory_too = true});
}

void add_found(const Machine& machine, const std::vector<settings::Document>& ini,
               RuleList& rules) {
  add_variable(machine, "SSL_CERT_FILE", rules);
  add_variable(machine, "SSL_CERT_DIR", rules);
  for (const std::string_view key : {"openssl.cafile", "openssl.capath"}) {
    rules.setting(key, last_setting_named(ini, key),
                  {.if_broken = Outcome::Broken, .directory_too = true});
  }
  for (const std::string_view place : kPlaces) {
    if (machine.is_file(place)) {
      rules.own(RuleKind::SystemStore, "ca-bundle",
                {.kind = PartKind::Bundle, .path = std::string(place)});
    }
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const auto path = machine.program("composer");
  const auto php = machine.program("php");
  if (!path || !php) {
    return;
  }
  const std::string version = php_version(machine, *php);
  const auto ini = documents_of(machine, php_ini_files(machine, version, *php), settings::read_ini);
  const auto documents =
      documents_of(machine, std::vector<std::string>{home_of_composer(machine) + "/config.json"},
                   settings::read_json);
  const auto extension = php_curl_of(machine);
  Client client{.kind = "composer",
                .path = *path,
                .runtime = *php,
                .tls_library = extension ? extension->library.tls : "OpenSSL",
                .profile = extension && extension->library.gnutls ? "gnutls" : "curl"};
  RuleList rules(survey, client.trust);
  rules.setting("cafile", configured(machine, documents, "COMPOSER_CAFILE", "cafile"));
  rules.setting("capath", configured(machine, documents, "COMPOSER_CAPATH", "capath"),
                {.kind = PartKind::HashedDirectory, .effect = Effect::Adds});
  if (client.trust.parts.empty() && !rules.decided()) {
    add_found(machine, ini, rules);
  }
  if (extension && !client.trust.parts.empty()) {
    const auto has = [&](PartKind kind) {
      return std::ranges::any_of(client.trust.parts,
                                 [&](const StorePart& part) { return part.kind == kind; });
    };
    add_libcurl_defaults(survey, extension->library, has(PartKind::Bundle),
                         has(PartKind::HashedDirectory), client.trust);
  }
  const auto off = last_setting(documents, {"config", "disable-tls"});
  if (off && says_yes(off->value)) {
    switch_off(client, "disable-tls", off->origin);
  }
  survey.add(std::move(client));
}

}  // namespace

extern constinit const Detector detector_composer{.id = "composer", .detect = detect};

}  // namespace medic::clients
