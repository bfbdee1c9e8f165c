#include "clients/startup_files.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "clients/variables.h"
#include "machine/machine.h"
#include "settings/readers.h"

namespace medic::clients {
namespace {

using machine::Machine;
using settings::Document;
using settings::Entry;
using settings::ValueKind;

struct StartupFile {
  std::string_view pattern;  // "~/" is each user's home; '*' as Machine::glob() has it
  Document (*read)(std::string_view file, std::string_view text);
};

// bash(1), zsh(1) and dash(1) FILES; fish's documentation, "Configuration files"; csh(1);
// pam_env(8); environment.d(5); launchd.plist(5); about_Profiles (PowerShell). Registry exports
// have no place of their own: those at the top of the tree and in a home's documents are looked at.
constexpr auto kFiles = std::to_array<StartupFile>({
    {"/etc/environment", settings::read_etc_environment},
    {"/etc/security/pam_env.conf", settings::read_pam_environment},
    {"/etc/environment.d/*.conf", settings::read_environment_d},
    {"/usr/lib/environment.d/*.conf", settings::read_environment_d},
    {"/etc/profile", settings::read_posix_shell},
    {"/etc/profile.d/*.sh", settings::read_posix_shell},
    {"/etc/bash.bashrc", settings::read_posix_shell},
    {"/etc/bashrc", settings::read_posix_shell},
    {"/etc/zshenv", settings::read_posix_shell},
    {"/etc/zsh/zshenv", settings::read_posix_shell},
    {"/etc/zshrc", settings::read_posix_shell},
    {"/etc/zsh/zshrc", settings::read_posix_shell},
    {"/etc/fish/config.fish", settings::read_fish},
    {"/etc/csh.cshrc", settings::read_csh},
    {"/etc/systemd/system.conf.d/*.conf", settings::read_unit},
    {"/etc/systemd/user.conf.d/*.conf", settings::read_unit},
    {"~/.pam_environment", settings::read_pam_environment},
    {"~/.config/environment.d/*.conf", settings::read_environment_d},
    {"~/.config/systemd/user/*.service", settings::read_unit},
    {"~/.profile", settings::read_posix_shell},
    {"~/.bash_profile", settings::read_posix_shell},
    {"~/.bash_login", settings::read_posix_shell},
    {"~/.bashrc", settings::read_posix_shell},
    {"~/.zshenv", settings::read_posix_shell},
    {"~/.zprofile", settings::read_posix_shell},
    {"~/.zshrc", settings::read_posix_shell},
    {"~/.zlogin", settings::read_posix_shell},
    {"~/.config/fish/config.fish", settings::read_fish},
    {"~/.config/fish/conf.d/*.fish", settings::read_fish},
    {"~/.cshrc", settings::read_csh},
    {"~/.tcshrc", settings::read_csh},
    {"/Library/LaunchAgents/*.plist", settings::read_plist},
    {"/Library/LaunchDaemons/*.plist", settings::read_plist},
    {"~/Library/LaunchAgents/*.plist", settings::read_plist},
    {"~/Documents/PowerShell/*profile.ps1", settings::read_powershell},
    {"~/Documents/WindowsPowerShell/*profile.ps1", settings::read_powershell},
    {"C:/*.reg", settings::read_registry},
    {"~/Documents/*.reg", settings::read_registry},
});

// Tells one "Environment" of a registry export or property list from other keys with a variable's
// name: the variable is the last component, and what holds it says that it is an environment.
bool sets_environment(const Entry& entry) {
  if (entry.path.size() == 1) {
    return true;
  }
  return std::ranges::any_of(entry.path, [](const std::string& part) {
    return part.ends_with("\\Environment") || part == "EnvironmentVariables" ||
           part == "environment";
  });
}

const Variable* known_variable(const Entry& entry, bool windows) {
  if (entry.path.empty() || !sets_environment(entry)) {
    return nullptr;
  }
  const auto variables = known_variables();
  const auto at = std::ranges::find_if(variables, [&](const Variable& variable) {
    const std::string& name = entry.path.back();
    return windows ? std::ranges::equal(variable.name, name,
                                        [](unsigned char a, unsigned char b) {
                                          return std::toupper(a) == std::toupper(b);
                                        })
                   : variable.name == name;
  });
  return at == variables.end() ? nullptr : &*at;
}

void add_file(Survey& survey, const std::string& file, const StartupFile& startup,
              std::vector<VariableRecord>& records) {
  const Machine& machine = survey.machine();
  const auto text = machine.read(file);
  if (!text) {
    return;
  }
  const bool windows = machine.family() == machine::Family::Windows;
  for (const Entry& entry : startup.read(file, *text).entries) {
    const Variable* variable = known_variable(entry, windows);
    if (variable == nullptr || entry.kind == ValueKind::Unset) {
      continue;
    }
    const Origin origin{.file = file, .line = entry.line, .variable = std::string(variable->name)};
    if (entry.kind == ValueKind::Unknown) {
      records.push_back(
          {.name = std::string(variable->name), .value = entry.value, .origin = origin});
    } else {
      records.push_back(variable_record(
          survey, *variable,
          entry.kind == ValueKind::Expandable ? machine.expanded(entry.value) : entry.value,
          origin));
    }
  }
}

}  // namespace

std::vector<VariableRecord> survey_startup_files(Survey& survey) {
  const Machine& machine = survey.machine();
  std::vector<VariableRecord> records;
  for (const StartupFile& startup : kFiles) {
    if (!startup.pattern.starts_with("~/")) {
      for (const std::string& file : machine.glob(startup.pattern)) {
        add_file(survey, file, startup, records);
      }
      continue;
    }
    for (const machine::User& user : machine.users()) {
      for (const std::string& file :
           machine.glob(machine.joined(user.home, startup.pattern.substr(2)))) {
        add_file(survey, file, startup, records);
      }
    }
  }
  return records;
}

}  // namespace medic::clients
