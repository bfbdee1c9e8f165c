// conda: certifi of the base environment, unless ssl_verify of a .condarc names another list;
// REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE beat both, even `ssl_verify: false`, because conda sets
// requests' Session.verify (conda/gateways/connection/session.py).

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "clients/condarc.h"
#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "clients/rules.h"

namespace medic::clients {
namespace {

using machine::Machine;

// ssl_verify or its alias; a variable beats every file.
std::optional<Setting> ssl_verify(const Machine& machine, const Python& python) {
  for (const std::string_view name : {"CONDA_SSL_VERIFY", "CONDA_VERIFY_SSL"}) {
    const std::string value = machine.variable(name).value_or("");
    if (!value.empty()) {
      return Setting{.value = value, .origin = {.variable = std::string(name)}};
    }
  }
  return condarc_setting(machine, condarc_files(machine, python.base_prefix),
                         {"ssl_verify", "verify_ssl"});
}

void say_switched_off(const Machine& machine, const Setting& setting, bool overridden,
                      Client& client) {
  client.trust.verifies = overridden;
  client.problems.push_back(
      {.cause = "verification-disabled-on-purpose",
       .id = "conda-verification-off",
       .subject = "ssl_verify",
       .origin = setting.origin,
       .facts = {{"origin", escaped(machine.display(origin_text(setting.origin)))},
                 {"value", escaped(setting.value)}}});
}

void add_setting(Survey& survey, const Python& python, const std::optional<Setting>& setting,
                 bool overridden, Client& client) {
  const Machine& machine = survey.machine();
  Rule rule{.kind = RuleKind::Setting, .name = "ssl_verify"};
  if (setting) {
    rule.kind = setting->origin.variable.empty() ? RuleKind::Setting : RuleKind::Variable;
    rule.value = setting->value;
    rule.origin = setting->origin;
  }
  const bool names_a_list = setting && !says_yes(setting->value) && !says_no(setting->value) &&
                            setting->value != "truststore";
  if (setting && says_no(setting->value)) {
    say_switched_off(machine, *setting, overridden, client);
  }
  if (overridden || !names_a_list) {
    const bool set = setting && !says_yes(setting->value);
    rule.outcome = set && overridden ? Outcome::Overridden : Outcome::NotSet;
    client.trust.trace.push_back(std::move(rule));
    if (!overridden && client.trust.verifies) {
      add_certifi(survey, python, client);
    }
    return;
  }
  const std::string path = machine.expanded(setting->value);
  const PartKind kind = machine.is_directory(path) ? PartKind::HashedDirectory : PartKind::Bundle;
  add_part(survey, std::move(rule), {.kind = kind, .path = path}, client.trust, Outcome::Fatal);
}

void detect(Survey& survey) {
  const Machine& machine = survey.machine();
  for (const Python& python : survey.pythons()) {
    const auto package = python_package(machine, python, "conda");
    if (!package || python.kind != PythonKind::Conda) {
      continue;
    }
    Client client = python_client(machine, python, "conda");
    client.version = package->version;
    client.path = package->directory + "/conda";
    const std::optional<Setting> setting = ssl_verify(machine, python);
    const bool first = add_variable_rule(survey, "REQUESTS_CA_BUNDLE", client.trust);
    const bool second = add_variable_rule(survey, "CURL_CA_BUNDLE", client.trust);
    add_setting(survey, python, setting, first || second, client);
    if (setting && setting->value == "truststore") {
      client.trust.unknown = "clients.unknown-system-store";
    }
    survey.add(std::move(client));
  }
}

}  // namespace

extern constinit const Detector detector_conda{.id = "conda", .detect = detect};

}  // namespace medic::clients
