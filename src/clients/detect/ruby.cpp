// Ruby's net/http, gem and bundler: OpenSSL's default paths and variables. ssl_ca_cert of a gemrc
// adds for gem; BUNDLE_SSL_CA_CERT, ssl_ca_cert of bundler's configuration, else that of the gemrc,
// replaces for bundler; :ssl_verify_mode: 0 switches off (run with Ruby 3.1, RubyGems 3.3, bundler
// 2.3; the two roots that RubyGems brings for rubygems.org are public ones and are left out).

#include <string>
#include <utility>

#include "clients/detector.h"
#include "clients/openssl_defaults.h"
#include "clients/rules.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

// "/usr/lib/ruby/3.1.0" names the series, ".../include/ruby-3.1.0" too.
std::string version_of(const Machine& machine, std::string_view path) {
  const std::string real = machine.resolve(path).value_or(std::string(path));
  const std::string_view name = machine::base_name(real);
  if (name.starts_with("ruby") && name.size() > 4 && name[4] >= '0' && name[4] <= '9') {
    return std::string(name.substr(4));  // /usr/bin/ruby3.1
  }
  const std::string prefix(machine::parent(machine::parent(real)));
  for (const std::string& directory : machine.glob(prefix + "/lib/ruby/*")) {
    const std::string_view series = machine::base_name(directory);
    if (!series.empty() && series.front() >= '0' && series.front() <= '9') {
      return std::string(series);
    }
  }
  return {};
}

// rubygems, Gem::ConfigFile: the system's file, then GEMRC's or the user's. Keys are symbols.
std::optional<Setting> gem_setting(const std::vector<settings::Document>& documents,
                                   std::string_view key) {
  auto found = last_setting(documents, {":" + std::string(key)});
  return found ? found : last_setting(documents, {key});
}

std::vector<settings::Document> gem_settings(const Machine& machine) {
  const std::string named = machine.variable("GEMRC").value_or("");
  const std::vector<std::string> files = {
      "/etc/gemrc", named.empty() ? home_of(machine) + "/.gemrc" : machine.joined({}, named)};
  return documents_of(machine, files, settings::read_yaml);
}

void check_mode(const std::optional<Setting>& mode, std::string_view name, Client& client) {
  if (mode && mode->value == "0") {
    switch_off(client, name, mode->origin);
  }
}

Client program_of(const Client& ruby, std::string_view kind, const std::string& path) {
  return {.kind = std::string(kind),
          .path = path,
          .runtime = ruby.path,
          .tls_library = ruby.tls_library,
          .profile = ruby.profile};
}

void add_gem(Survey& survey, const Client& ruby, const OpensslBuild& build) {
  const auto path = survey.machine().program("gem");
  if (!path) {
    return;
  }
  Client client = program_of(ruby, "gem", *path);
  const auto documents = gem_settings(survey.machine());
  RuleList rules(survey, client.trust);
  rules.setting("ssl_ca_cert", gem_setting(documents, "ssl_ca_cert"),
                {.effect = Effect::Adds, .directory_too = true});
  add_openssl_defaults(survey, build, client.trust);
  check_mode(gem_setting(documents, "ssl_verify_mode"), "ssl_verify_mode", client);
  survey.add(std::move(client));
}

// Bundler::Settings: the variable, then ~/.bundle/config; a project's own file comes before both
// and is nobody's until bundler is started there.
std::optional<Setting> bundle_setting(const Machine& machine, std::string_view variable) {
  if (const auto set = variable_setting(machine, variable)) {
    return set;
  }
  const std::string named = machine.variable("BUNDLE_USER_CONFIG").value_or("");
  const std::vector<std::string> files = {named.empty() ? home_of(machine) + "/.bundle/config"
                                                        : machine.joined({}, named)};
  return last_setting(documents_of(machine, files, settings::read_yaml), {variable});
}

void add_bundler(Survey& survey, const Client& ruby, const OpensslBuild& build) {
  const Machine& machine = survey.machine();
  for (const std::string_view name : {"bundle", "bundler"}) {
    const auto path = machine.program(name);
    if (!path) {
      continue;
    }
    Client client = program_of(ruby, "bundler", *path);
    const auto documents = gem_settings(machine);
    RuleList rules(survey, client.trust);
    const RuleShape shape{.directory_too = true};
    rules.setting("BUNDLE_SSL_CA_CERT", bundle_setting(machine, "BUNDLE_SSL_CA_CERT"), shape);
    rules.setting("ssl_ca_cert", gem_setting(documents, "ssl_ca_cert"), shape);
    if (!rules.decided()) {
      add_openssl_defaults(survey, build, client.trust);
    }
    const auto mode = bundle_setting(machine, "BUNDLE_SSL_VERIFY_MODE");
    check_mode(mode ? mode : gem_setting(documents, "ssl_verify_mode"), "ssl_verify_mode", client);
    survey.add(std::move(client));
    return;
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  const OpensslBuild build = system_openssl(machine);
  bool first = true;
  for (const std::string& path : machine.programs("ruby")) {
    Client client{.kind = "ruby",
                  .version = version_of(machine, path),
                  .path = path,
                  .tls_library = build.version.empty() ? "OpenSSL" : build.version,
                  .profile = "openssl"};
    add_openssl_defaults(survey, build, client.trust);
    if (std::exchange(first, false)) {
      add_gem(survey, client, build);
      add_bundler(survey, client, build);
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_ruby{.id = "ruby", .detect = detect};

}  // namespace medic::clients
