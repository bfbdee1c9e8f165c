// pip. Per request: REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, else --cert (PIP_CERT, configuration),
// else its own certifi; from 24.2 on Python 3.10 the system's store and OpenSSL's variables count
// besides (pip/_internal/network/session.py and cli/index_command.py; measured from 18.1 to 26.3).

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/detector.h"
#include "clients/pip_config.h"
#include "clients/python.h"
#include "clients/python_packages.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

bool uses_truststore(const Python& python, const PythonPackage& pip, const PipConfig& config) {
  const PipSetting* deprecated = config.find("use-deprecated");
  const bool legacy =
      deprecated != nullptr && deprecated->value.find("legacy-certs") != std::string::npos;
  return !legacy && compare_versions(pip.version, "24.2") >= 0 &&
         compare_versions(python.version, "3.10") >= 0;
}

std::string own_certifi(const Machine& machine, const PythonPackage& pip) {
  const std::string directory = pip.directory + "/pip/_vendor/certifi";
  const auto core = machine.read(directory + "/core.py");
  constexpr std::string_view kSystem = "/etc/ssl/certs/ca-certificates.crt";
  if (core && core->find(kSystem) != std::string::npos) {
    return std::string(kSystem);  // Debian's patch, as of its certifi
  }
  return directory + "/cacert.pem";
}

void add_cert_setting(Survey& survey, const PipConfig& config, Client& client, bool overridden) {
  const PipSetting* cert = config.find("cert");
  if (cert == nullptr) {
    client.trust.trace.push_back({.kind = RuleKind::Setting, .name = "global.cert"});
    return;
  }
  Rule rule{.kind = cert->origin.variable.empty() ? RuleKind::Setting : RuleKind::Variable,
            .name = cert->origin.variable.empty() ? "global.cert" : cert->origin.variable,
            .value = cert->value,
            .origin = cert->origin};
  const std::string path = survey.machine().expanded(cert->value);
  if (overridden) {
    // It would be read as soon as the variable is gone.
    const std::string trouble = survey.trouble({.kind = PartKind::Bundle, .path = path});
    if (!trouble.empty()) {
      client.problems.push_back({.cause = broken_store_cause(trouble),
                                 .id = broken_store_problem(trouble),
                                 .subject = path,
                                 .origin = rule.origin,
                                 .facts = {{"name", rule.name}, {"path", escaped(path)}}});
    }
    rule.outcome = Outcome::Overridden;
    client.trust.trace.push_back(std::move(rule));
    return;
  }
  add_part(survey, std::move(rule), {.kind = PartKind::Bundle, .path = path}, client.trust,
           Outcome::Fatal);
}

void add_system_store(Survey& survey, const Python& python, Client& client) {
  switch (survey.machine().family()) {
    case Family::Windows:
      add_part(survey, {.kind = RuleKind::SystemStore, .name = "truststore"},
               {.kind = PartKind::WindowsStore}, client.trust);
      break;
    case Family::MacOs:
      add_part(survey, {.kind = RuleKind::SystemStore, .name = "truststore"},
               {.kind = PartKind::MacKeychain}, client.trust);
      break;
    case Family::Linux:
      add_openssl_defaults(survey, python.ssl.build, client.trust);
      break;
  }
}

void add_trusted_hosts(const Machine& machine, const PipConfig& config, Client& client) {
  for (const PipSetting& setting : config.settings) {
    if (setting.key != "trusted-host" || setting.value.empty()) {
      continue;
    }
    std::string hosts = setting.value;
    std::ranges::replace(hosts, '\n', ' ');
    client.problems.push_back(
        {.cause = "verification-disabled-on-purpose",
         .id = "pip-trusted-host",
         .subject = hosts,
         .origin = setting.origin,
         .facts = {{"hosts", escaped(hosts)},
                   {"origin", escaped(machine.display(origin_text(setting.origin)))}}});
  }
}

// The folk remedy that the next upgrade takes away again.
void check_edited(const Machine& machine, const PythonPackage& pip, Client& client) {
  constexpr std::array<std::string_view, 2> kFiles = {"pip/_vendor/requests/sessions.py",
                                                      "pip/_vendor/requests/adapters.py"};
  for (const std::string_view file : kFiles) {
    const std::string path = pip.directory + "/" + std::string(file);
    const auto text = machine.read(path);
    if (as_recorded(machine, pip, file).value_or(true) || !text ||
        text->find("verify = False") == std::string::npos) {
      continue;
    }
    client.problems.push_back({.cause = "verification-disabled-on-purpose",
                               .id = "package-edited-off",
                               .subject = path,
                               .origin = {.file = path},
                               .facts = {{"path", escaped(machine.display(path))}}});
  }
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto pip = python_package(machine, python, "pip");
    if (!pip) {
      continue;
    }
    const PipConfig config = pip_config(machine, python, "install");
    Client client = python_client(machine, python, "pip");
    client.version = pip->version;
    client.path = pip->directory + "/pip";
    client.profile = "requests-urllib3-1";
    const bool first = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust);
    const bool second = add_variable_rule(survey, "CURL_CA_BUNDLE", client.trust);
    add_cert_setting(survey, config, client, first || second);
    const bool named = first || second || config.find("cert") != nullptr;
    if (!named || uses_truststore(python, *pip, config)) {
      if (uses_truststore(python, *pip, config)) {
        add_system_store(survey, python, client);
      }
      add_part(survey, {.kind = RuleKind::Bundled, .name = "pip/_vendor/certifi"},
               {.kind = PartKind::Bundle, .path = own_certifi(machine, *pip)}, client.trust);
    }
    add_trusted_hosts(machine, config, client);
    check_edited(machine, *pip, client);
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_pip{.id = "pip", .detect = detect};

}  // namespace medic::clients
