#include "clients/pip_config.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/client.h"
#include "clients/python.h"
#include "machine/machine.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

std::vector<std::string> global_files(const Machine& machine) {
  switch (machine.family()) {
    case Family::Windows:
      return {"C:/ProgramData/pip/pip.ini"};
    case Family::MacOs:
      return {"/Library/Application Support/pip/pip.conf"};
    case Family::Linux:
      break;
  }
  std::vector<std::string> files;
  const std::string own = machine.variable("XDG_CONFIG_DIRS").value_or("");
  std::string_view rest = own.empty() ? std::string_view("/etc/xdg") : std::string_view(own);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    if (end > 0) {
      files.push_back(std::string(rest.substr(0, end)) + "/pip/pip.conf");
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  files.emplace_back("/etc/pip.conf");
  return files;
}

std::vector<std::string> user_files(const Machine& machine) {
  if (machine.users().empty()) {
    return {};
  }
  const std::string& home = machine.users().front().home;
  if (machine.family() == Family::Windows) {
    const std::string roaming =
        machine.joined({}, machine.variable("APPDATA").value_or(home + "/AppData/Roaming"));
    return {home + "/pip/pip.ini", roaming + "/pip/pip.ini"};
  }
  const std::string legacy = home + "/.pip/pip.conf";
  const std::string mac = home + "/Library/Application Support/pip";
  if (machine.family() == Family::MacOs && machine.is_directory(mac)) {
    return {legacy, mac + "/pip.conf"};
  }
  const std::string xdg = machine.variable("XDG_CONFIG_HOME").value_or("");
  return {legacy, (xdg.empty() ? home + "/.config" : xdg) + "/pip/pip.conf"};
}

std::vector<std::string> config_files(const Machine& machine, const Python& python) {
  const bool windows = machine.family() == Family::Windows;
  const std::string named = machine.variable("PIP_CONFIG_FILE").value_or("");
  if (named == "/dev/null" || named == "nul") {
    return {};
  }
  std::vector<std::string> files = global_files(machine);
  // A named file that exists takes the place of the user's.
  const std::string path = named.empty() ? std::string() : machine.joined({}, named);
  if (path.empty() || !machine.exists(path)) {
    std::ranges::copy(user_files(machine), std::back_inserter(files));
  }
  files.push_back(python.prefix + (windows ? "/pip.ini" : "/pip.conf"));
  if (!path.empty()) {
    files.push_back(path);
  }
  return files;
}

// "--trusted_host" and "trusted-host" are one (configuration.py, _normalize_name).
std::string normalised(std::string_view name) {
  while (name.starts_with('-')) {
    name.remove_prefix(1);
  }
  std::string out(name);
  std::ranges::replace(out, '_', '-');
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

const PipSetting* PipConfig::find(std::string_view key) const {
  const auto found = std::ranges::find(settings.rbegin(), settings.rend(), key, &PipSetting::key);
  return found == settings.rend() ? nullptr : &*found;
}

PipConfig pip_config(const Machine& machine, const Python& python, std::string_view command) {
  PipConfig config{.files = config_files(machine, python), .settings = {}};
  std::vector<PipSetting> of_command;
  for (const std::string& file : config.files) {
    const auto text = machine.read(file);
    if (!text) {
      continue;
    }
    for (const settings::Entry& entry : settings::read_configparser(file, *text).entries) {
      PipSetting setting{.key = normalised(entry.path[1]),
                         .value = entry.value,
                         .origin = {.file = file, .line = entry.line, .variable = {}}};
      if (entry.path[0] == "global") {
        config.settings.push_back(std::move(setting));
      } else if (entry.path[0] == command) {
        of_command.push_back(std::move(setting));
      }
    }
  }
  std::ranges::move(of_command, std::back_inserter(config.settings));
  for (const auto& [name, value] : machine.environment()) {
    constexpr std::string_view kPrefix = "PIP_";
    if (name.starts_with(kPrefix) && name != "PIP_CONFIG_FILE" && !value.empty()) {
      config.settings.push_back({.key = normalised(name.substr(kPrefix.size())),
                                 .value = value,
                                 .origin = {.file = {}, .line = 0, .variable = name}});
    }
  }
  return config;
}

}  // namespace medic::clients
