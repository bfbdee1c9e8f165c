#pragma once

// The rules of one client, asked one after the other in the client's own order, and the settings
// that they read. A detector is a list of calls on a RuleList; what each rule does to those after
// it is said in its RuleShape and decided here, once. Internal to clients/.

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clients/client.h"
#include "clients/survey.h"
#include "machine/machine.h"
#include "settings/document.h"

namespace medic::clients {

// A setting as the file (or variable) that decides has it.
struct Setting {
  std::string value;
  Origin origin;
};

using SettingsReader = settings::Document (*)(std::string_view file, std::string_view text);

// Those of the files that can be read, in the order given.
std::vector<settings::Document> documents_of(const machine::Machine& machine,
                                             std::span<const std::string> files,
                                             SettingsReader reader);
// Of files in which a later one beats an earlier one.
std::optional<Setting> last_setting(std::span<const settings::Document> documents,
                                    std::initializer_list<std::string_view> path);
// The same of a syntax whose sections mean nothing (php.ini).
std::optional<Setting> last_setting_named(std::span<const settings::Document> documents,
                                          std::string_view key);
// A variable whose empty value counts as none.
std::optional<Setting> variable_setting(const machine::Machine& machine, std::string_view name);

// "false", "no", "off", "0" in any case, as most syntaxes have it; and their opposites.
bool says_no(std::string_view value);
bool says_yes(std::string_view value);

// "/home/kim" and what the environment or the system has in its place; empty: nobody lives there.
std::string home_of(const machine::Machine& machine);
// XDG_CONFIG_HOME, else ~/.config; on Windows APPDATA, on macOS "Library/Application Support".
std::string config_home(const machine::Machine& machine);
// The same without what Windows and macOS have of their own.
std::string xdg_config_home(const machine::Machine& machine);

enum class Effect { Replaces, Adds };

struct RuleShape {
  PartKind kind = PartKind::Bundle;
  Effect effect = Effect::Replaces;
  // When what the user named cannot be used: Broken passes on to the next rule.
  Outcome if_broken = Outcome::Fatal;
  Purpose purpose = Purpose::PublicServers;
  bool directory_too = false;         // the same rule may name a directory of hash links
  RuleKind from = RuleKind::Setting;  // of a rule that a file sets
};

class RuleList {
 public:
  RuleList(Survey& survey, EffectiveTrust& trust) : survey_(&survey), trust_(&trust) {}

  // Asked by its name; a relative path is one of the root directory, as nobody knows from where the
  // client will be started.
  void variable(std::string_view name, const RuleShape& shape = {});
  // A list of paths, as the system separates them: every one counts.
  void path_list(std::string_view name, const RuleShape& shape);
  void setting(std::string_view name, const std::optional<Setting>& setting,
               const RuleShape& shape = {});
  // Certificates that stand in the setting itself, as PEM.
  void certificates(std::string_view name, const Setting& setting, const std::string& pem,
                    const RuleShape& shape = {});
  // A store of the program's or the system's own: used unless something replaced it.
  void own(RuleKind kind, std::string_view name, StorePart part, Effect effect = Effect::Replaces);
  // Whatever comes now is overridden, without a rule of its own having won.
  void decide() { decided_ = true; }

  [[nodiscard]] bool decided() const { return decided_; }
  [[nodiscard]] EffectiveTrust& trust() { return *trust_; }

 private:
  void ask(Rule rule, StorePart part, Effect effect, Outcome if_broken);

  Survey* survey_;
  EffectiveTrust* trust_;
  bool decided_ = false;
};

// The client verifies nothing at all, by this setting or variable.
void switch_off(Client& client, std::string_view name, const Origin& origin);
// It verifies others, but not these servers.
void switch_off_for(Client& client, std::string_view name, const Origin& origin,
                    std::string_view hosts);

}  // namespace medic::clients
