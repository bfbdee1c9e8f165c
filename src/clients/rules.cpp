#include "clients/rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"

namespace medic::clients {
namespace {

using machine::Family;
using machine::Machine;

bool is_one_of(std::string_view value, std::span<const std::string_view> words) {
  std::string lower(value);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::ranges::find(words, lower) != words.end();
}

}  // namespace

std::vector<settings::Document> documents_of(const Machine& machine,
                                             std::span<const std::string> files,
                                             SettingsReader reader) {
  std::vector<settings::Document> documents;
  for (const std::string& file : files) {
    if (const auto text = machine.read(file)) {
      documents.push_back(reader(file, *text));
    }
  }
  return documents;
}

std::optional<Setting> last_setting(std::span<const settings::Document> documents,
                                    std::initializer_list<std::string_view> path) {
  std::optional<Setting> found;
  for (const settings::Document& document : documents) {
    if (const settings::Entry* const entry = document.find(path)) {
      found =
          Setting{.value = entry->value, .origin = {.file = document.file, .line = entry->line}};
    }
  }
  return found;
}

std::optional<Setting> last_setting_named(std::span<const settings::Document> documents,
                                          std::string_view key) {
  std::optional<Setting> found;
  for (const settings::Document& document : documents) {
    for (const settings::Entry& entry : document.entries) {
      if (!entry.path.empty() && entry.path.back() == key) {
        found =
            Setting{.value = entry.value, .origin = {.file = document.file, .line = entry.line}};
      }
    }
  }
  return found;
}

std::optional<Setting> variable_setting(const Machine& machine, std::string_view name) {
  const std::string value = machine.variable(name).value_or("");
  if (value.empty()) {
    return std::nullopt;
  }
  return Setting{.value = value, .origin = {.variable = std::string(name)}};
}

bool says_no(std::string_view value) {
  constexpr std::array<std::string_view, 4> kWords = {"false", "no", "off", "0"};
  return is_one_of(value, kWords);
}

bool says_yes(std::string_view value) {
  constexpr std::array<std::string_view, 4> kWords = {"true", "yes", "on", "1"};
  return is_one_of(value, kWords);
}

std::string home_of(const Machine& machine) {
  return machine.users().empty() ? std::string() : machine.users().front().home;
}

std::string xdg_config_home(const Machine& machine) {
  const std::string named = machine.variable("XDG_CONFIG_HOME").value_or("");
  return named.empty() ? home_of(machine) + "/.config" : machine.joined({}, named);
}

std::string config_home(const Machine& machine) {
  switch (machine.family()) {
    case Family::Windows: {
      const std::string named = machine.variable("APPDATA").value_or("");
      return named.empty() ? home_of(machine) + "/AppData/Roaming" : machine.joined({}, named);
    }
    case Family::MacOs:
      return home_of(machine) + "/Library/Application Support";
    case Family::Linux:
      break;
  }
  return xdg_config_home(machine);
}

void RuleList::variable(std::string_view name, const RuleShape& shape) {
  Rule rule{.kind = RuleKind::Variable,
            .name = std::string(name),
            .origin = {.variable = std::string(name)}};
  const Machine& machine = survey_->machine();
  const std::string value = machine.variable(name).value_or("");
  if (value.empty()) {
    trust_->trace.push_back(std::move(rule));
    return;
  }
  const std::string path = machine.joined({}, value);
  const bool directory = shape.directory_too && machine.is_directory(path);
  ask(std::move(rule),
      {.kind = directory ? PartKind::HashedDirectory : shape.kind,
       .path = path,
       .purpose = shape.purpose},
      shape.effect, shape.if_broken);
}

void RuleList::path_list(std::string_view name, const RuleShape& shape) {
  const Machine& machine = survey_->machine();
  const char separator = machine.family() == Family::Windows ? ';' : ':';
  const Rule rule{.kind = RuleKind::Variable,
                  .name = std::string(name),
                  .origin = {.variable = std::string(name)}};
  const std::string value = machine.variable(name).value_or("");
  const bool before = decided_;
  std::size_t from = 0;
  while (from < value.size()) {
    const std::size_t end = std::min(value.find(separator, from), value.size());
    if (end > from) {
      decided_ = before;  // the paths of one list do not replace one another
      ask(rule,
          {.kind = shape.kind,
           .path = machine.joined({}, value.substr(from, end - from)),
           .purpose = shape.purpose},
          shape.effect, shape.if_broken);
    }
    from = end + 1;
  }
  if (value.empty()) {
    trust_->trace.push_back(rule);
  }
  decided_ = before || (shape.effect == Effect::Replaces && !value.empty());
}

void RuleList::setting(std::string_view name, const std::optional<Setting>& setting,
                       const RuleShape& shape) {
  Rule rule{.kind = shape.from, .name = std::string(name)};
  if (!setting || setting->value.empty()) {
    trust_->trace.push_back(std::move(rule));
    return;
  }
  rule.origin = setting->origin;
  if (!setting->origin.variable.empty()) {
    rule.kind = RuleKind::Variable;
    rule.name = setting->origin.variable;
  }
  const Machine& machine = survey_->machine();
  const std::string path = machine.expanded(setting->value);
  const bool directory = shape.directory_too && machine.is_directory(path);
  ask(std::move(rule),
      {.kind = directory ? PartKind::HashedDirectory : shape.kind,
       .path = machine.joined({}, path),
       .purpose = shape.purpose},
      shape.effect, shape.if_broken);
}

void RuleList::certificates(std::string_view name, const Setting& setting, const std::string& pem,
                            const RuleShape& shape) {
  Rule rule{.kind = setting.origin.variable.empty() ? shape.from : RuleKind::Variable,
            .name = std::string(name),
            .origin = setting.origin};
  ask(std::move(rule),
      {.kind = PartKind::Bundle,
       .path = origin_text(setting.origin),
       .purpose = shape.purpose,
       .text = pem.empty() ? std::string(" ") : pem},
      shape.effect, shape.if_broken);
}

void RuleList::own(RuleKind kind, std::string_view name, StorePart part, Effect effect) {
  ask({.kind = kind, .name = std::string(name)}, std::move(part), effect, Outcome::NotSet);
}

void RuleList::ask(Rule rule, StorePart part, Effect effect, Outcome if_broken) {
  if (effect == Effect::Replaces && decided_) {
    rule.value = part.path;
    rule.outcome = Outcome::Overridden;
    trust_->trace.push_back(std::move(rule));
    return;
  }
  const std::size_t before = trust_->parts.size();
  add_part(*survey_, std::move(rule), std::move(part), *trust_, if_broken);
  const bool taken = trust_->parts.size() > before;
  decided_ = decided_ || (effect == Effect::Replaces &&
                          (taken || trust_->trace.back().outcome == Outcome::Fatal));
}

void switch_off(Client& client, std::string_view name, const Origin& origin) {
  client.trust.verifies = false;
  client.problems.push_back(
      {.cause = "verification-disabled-on-purpose",
       .id = origin.file.empty() ? "verification-off" : "setting-verification-off",
       .subject = std::string(name),
       .origin = origin,
       .facts = {{"name", std::string(name)}}});
}

void switch_off_for(Client& client, std::string_view name, const Origin& origin,
                    std::string_view hosts) {
  client.problems.push_back({.cause = "verification-disabled-on-purpose",
                             .id = "hosts-verification-off",
                             .subject = std::string(hosts),
                             .origin = origin,
                             .facts = {{"name", std::string(name)}, {"hosts", escaped(hosts)}}});
}

}  // namespace medic::clients
