// conda: certifi of the base environment, unless ssl_verify of a .condarc names another list;
// REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE beat both, even `ssl_verify: false`, because conda sets
// requests' Session.verify (conda/gateways/connection/session.py; files and their order:
// conda/base/constants.py, SEARCH_PATH).

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/detector.h"
#include "clients/python.h"
#include "clients/python_packages.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

// In the order in which conda reads them: a later file wins.
std::vector<std::string> condarc_files(const Machine& machine, const Python& python) {
  std::vector<std::string> directories;
  if (machine.family() == machine::Family::Windows) {
    directories = {"C:/ProgramData/conda"};
  } else {
    directories = {"/etc/conda", "/var/lib/conda"};
  }
  directories.push_back(machine.variable("CONDA_ROOT").value_or(python.base_prefix));
  const std::string xdg = machine.variable("XDG_CONFIG_HOME").value_or("");
  if (!xdg.empty()) {
    directories.push_back(xdg + "/conda");
  }
  const std::string home = machine.users().empty() ? std::string() : machine.users().front().home;
  directories.push_back(home + "/.config/conda");
  directories.push_back(home + "/.conda");
  std::vector<std::string> files;
  const auto add = [&](const std::string& directory) {
    files.push_back(directory + "/.condarc");
    files.push_back(directory + "/condarc");
    for (const std::string_view pattern : {"/condarc.d/*.yml", "/condarc.d/*.yaml"}) {
      for (std::string& file : machine.glob(directory + std::string(pattern))) {
        files.push_back(std::move(file));
      }
    }
  };
  for (const std::string& directory : directories) {
    add(machine.joined({}, directory));
  }
  files.push_back(home + "/.condarc");
  const std::string prefix = machine.variable("CONDA_PREFIX").value_or("");
  if (!prefix.empty()) {
    add(machine.joined({}, prefix));
  }
  const std::string named = machine.variable("CONDARC").value_or("");
  if (!named.empty()) {
    files.push_back(machine.joined({}, named));
  }
  return files;
}

struct Setting {
  std::string value;
  Origin origin;
};

// ssl_verify or its alias; a variable beats every file.
std::optional<Setting> ssl_verify(const Machine& machine, const Python& python) {
  for (const std::string_view name : {"CONDA_SSL_VERIFY", "CONDA_VERIFY_SSL"}) {
    const std::string value = machine.variable(name).value_or("");
    if (!value.empty()) {
      return Setting{.value = value, .origin = {.variable = std::string(name)}};
    }
  }
  std::optional<Setting> found;
  for (const std::string& file : condarc_files(machine, python)) {
    const auto text = machine.read(file);
    if (!text) {
      continue;
    }
    for (const settings::Entry& entry : settings::read_yaml(file, *text).entries) {
      if (entry.is({"ssl_verify"}) || entry.is({"verify_ssl"})) {
        found = Setting{.value = entry.value, .origin = {.file = file, .line = entry.line}};
      }
    }
  }
  return found;
}

bool is_false(std::string_view value) {
  constexpr std::array<std::string_view, 8> kWords = {"false", "False", "FALSE", "no",
                                                      "No",    "off",   "Off",   "0"};
  return std::ranges::find(kWords, value) != kWords.end();
}

bool is_true(std::string_view value) {
  constexpr std::array<std::string_view, 8> kWords = {"true", "True", "TRUE", "yes",
                                                      "Yes",  "on",   "On",   "1"};
  return std::ranges::find(kWords, value) != kWords.end();
}

void switch_off(const Machine& machine, const Setting& setting, bool overridden, Client& client) {
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
  const bool names_a_list = setting && !is_true(setting->value) && !is_false(setting->value) &&
                            setting->value != "truststore";
  if (setting && is_false(setting->value)) {
    switch_off(machine, *setting, overridden, client);
  }
  if (overridden || !names_a_list) {
    const bool set = setting && !is_true(setting->value);
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
