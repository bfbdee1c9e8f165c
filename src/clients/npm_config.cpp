#include "clients/npm_config.h"

#include <algorithm>
#include <array>
#include <ranges>

#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;

char folded(char c) {
  return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// @npmcli/config, loadEnv(): "NPM_CONFIG_STRICT_SSL" is "strict-ssl".
std::optional<std::string> key_of(std::string_view variable, std::string_view prefix) {
  std::string name(variable);
  std::ranges::transform(name, name.begin(), folded);
  std::string start(prefix);
  std::ranges::transform(start, start.begin(), folded);
  return name.starts_with(start) ? std::optional(name.substr(start.size())) : std::nullopt;
}

std::optional<std::string> variable_named(const Machine& machine, std::string_view key) {
  for (const auto& [name, value] : machine.environment()) {
    if (!value.empty() && key_of(name, "npm_config_") == key) {
      return value;
    }
  }
  return std::nullopt;
}

// Of the files read so far: who looks for the next one asks them.
std::string told_by(const Machine& machine, const std::vector<std::string>& files,
                    std::string_view key) {
  if (const auto value = variable_named(machine, key)) {
    return machine.joined({}, *value);
  }
  const auto found = last_setting(documents_of(machine, files, settings::read_npmrc), {key});
  return found ? machine.expanded(found->value) : std::string();
}

}  // namespace

std::optional<Setting> NpmConfig::find(std::string_view key) const {
  for (const NpmSetting& one : settings | std::views::reverse) {
    if (one.key == key) {
      return one.setting;
    }
  }
  return std::nullopt;
}

std::vector<std::string> npmrc_files(const Machine& machine, const std::string& package,
                                     std::string_view node) {
  std::vector<std::string> files;
  if (!package.empty()) {
    files.push_back(package + "/npmrc");
  }
  // The prefix: where Node.js lies, unless the user or the builtin file says another.
  const std::string user_named = variable_named(machine, "userconfig").value_or("");
  const std::string user =
      user_named.empty() ? home_of(machine) + "/.npmrc" : machine.joined({}, user_named);
  std::vector<std::string> asked = files;
  asked.push_back(user);
  std::string prefix = told_by(machine, asked, "prefix");
  if (prefix.empty()) {
    const bool windows = machine.family() == machine::Family::Windows;
    const std::string named = machine.variable("PREFIX").value_or("");
    const std::string_view beside = machine::parent(node);
    prefix = !named.empty() ? machine.joined({}, named)
                            : std::string(windows ? beside : machine::parent(beside));
  }
  const std::string global = told_by(machine, asked, "globalconfig");
  files.push_back(global.empty() ? (prefix == "/" ? "" : prefix) + "/etc/npmrc" : global);
  files.push_back(user);
  return files;
}

NpmConfig npm_config(const Machine& machine, const std::vector<std::string>& files,
                     std::string_view prefix, SettingsReader reader) {
  NpmConfig config;
  for (const settings::Document& document : documents_of(machine, files, reader)) {
    for (const settings::Entry& entry : document.entries) {
      std::string key = entry.path.empty() ? std::string() : entry.path.front();
      if (key.ends_with("[]")) {
        key.resize(key.size() - 2);
      }
      config.settings.push_back(
          {.key = std::move(key),
           .setting = {.value = entry.value,
                       .origin = {.file = document.file, .line = entry.line}}});
    }
  }
  for (const auto& [name, value] : machine.environment()) {
    auto key = key_of(name, prefix);
    if (key && !value.empty()) {
      config.settings.push_back(
          {.key = *std::move(key), .setting = {.value = value, .origin = {.variable = name}}});
    }
  }
  return config;
}

void add_npm_trust(const NpmConfig& config, CaOrder order, RuleList& rules) {
  std::vector<NpmSetting> asked;
  for (const NpmSetting& one : config.settings | std::views::reverse) {
    const std::string& value = one.setting.value;
    if ((one.key == "cafile" && !value.empty() && value != "null") ||
        (one.key == "ca" && value.find("-----BEGIN") != std::string::npos)) {
      asked.push_back(one);
    }
  }
  if (order == CaOrder::FileFirst) {
    std::ranges::stable_partition(asked, [](const NpmSetting& one) { return one.key == "cafile"; });
  }
  for (const NpmSetting& one : asked) {
    if (one.key == "ca") {
      rules.certificates("ca", one.setting, one.setting.value);
    } else {
      rules.setting("cafile", one.setting, {.if_broken = Outcome::Broken});
    }
  }
  if (asked.empty()) {
    rules.setting("cafile", std::nullopt);
  }
}

void check_npm_strict(const NpmConfig& config, Client& client) {
  const auto strict = config.find("strict-ssl");
  if (strict && says_no(strict->value)) {
    switch_off(client, "strict-ssl", strict->origin);
  }
}

}  // namespace medic::clients
