// Configuration files, read by the readers of settings/.

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/script.h"
#include "audit/text_rules.h"
#include "settings/document.h"
#include "settings/readers.h"

namespace medic::audit {
namespace {

using Reader = settings::Document (*)(std::string_view, std::string_view);

Reader reader_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Reader>, 13> kReaders = {
      {{"configparser", settings::read_configparser},
       {"git", settings::read_git_config},
       {"ini", settings::read_ini},
       {"unit", settings::read_unit},
       {"npmrc", settings::read_npmrc},
       {"yarnrc", settings::read_yarnrc},
       {"curlrc", settings::read_curlrc},
       {"wgetrc", settings::read_wgetrc},
       {"toml", settings::read_toml},
       {"yaml", settings::read_yaml},
       {"json", settings::read_json},
       {"environment", settings::read_environment_d},
       {"properties", nullptr}}};
  for (const auto& [id, reader] : kReaders) {
    if (id == name) {
      return reader;
    }
  }
  return nullptr;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// "key: value" and "key = value", line by line: .properties files, and YAML that templates have
// made unreadable. Keys have no parents then.
settings::Document read_lines(std::string_view file, std::string_view text) {
  settings::Document document{
      .file = std::string(file), .entries = {}, .includes = {}, .problems = {}};
  int number = 0;
  while (!text.empty() && document.entries.size() < 50'000) {
    ++number;
    const std::size_t newline = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, newline));
    text.remove_prefix(std::min(newline + 1, text.size()));
    if (line.starts_with("- ")) {
      line = trimmed(line.substr(2));
    }
    const std::size_t mark = line.find_first_of(":=");
    if (line.empty() || line.starts_with('#') || line.starts_with('!') ||
        mark == std::string_view::npos) {
      continue;
    }
    std::string_view value = trimmed(line.substr(mark + 1));
    value = trimmed(value.substr(0, value.find(" #")));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
        value.back() == value.front()) {
      value = value.substr(1, value.size() - 2);
    }
    document.entries.push_back({.path = {std::string(trimmed(line.substr(0, mark)))},
                                .value = std::string(value),
                                .line = number});
  }
  return document;
}

std::string joined(const std::vector<std::string>& path) {
  std::string all;
  for (const std::string& part : path) {
    all += (all.empty() ? "" : ".") + lowered(part);
  }
  return all;
}

bool in_files(const SettingRule& rule, const Source& source, const Language& language) {
  if (std::ranges::find(rule.readers, language.reader) != rule.readers.end()) {
    return true;
  }
  const std::string path = "/" + lowered(source.path);
  return std::ranges::any_of(rule.files,
                             [&](const std::string& glob) { return fits("*/" + glob, path); });
}

// Keys come in file order: a later entry is looked for behind the one before.
class Places {
 public:
  explicit Places(const Source& source) : source_(source) {}

  // Where the entry's last key and value stand, from its line on.
  std::pair<std::size_t, std::size_t> place(const settings::Entry& entry) const {
    const int line = std::max(entry.line, 1);
    const std::size_t start = source_.line_start(line);
    const std::string_view text = source_.line_text(line);
    const std::size_t begin = std::min(text.find_first_not_of(" \t-"), text.size());
    const std::string_view rest = trimmed(text.substr(begin));
    return {start + begin, start + begin + rest.size()};
  }

  // Where a text stands in the lines of an entry; nothing when it is written otherwise.
  [[nodiscard]] std::optional<std::size_t> text_from(int line, std::string_view wanted) const {
    const std::size_t start = source_.line_start(std::max(line - 1, 1));
    const std::size_t at = source_.text.find(wanted, start);
    return at == std::string_view::npos ? std::nullopt : std::optional(at);
  }

 private:
  const Source& source_;
};

bool bad_value(const SettingRule& rule, const settings::Entry& entry) {
  if (entry.kind == settings::ValueKind::Unknown || entry.kind == settings::ValueKind::Unset) {
    return false;
  }
  const std::string value = lowered(entry.value);
  if (!rule.not_values.empty() && fits_any(rule.not_values, value)) {
    return false;
  }
  return rule.values.empty() || fits_any(rule.values, value);
}

void add_setting(const Source& source, const Rule& rule, const SettingRule& part,
                 const settings::Entry& entry, std::vector<Finding>& findings) {
  const auto [begin, end] = Places(source).place(entry);
  Finding found = source.finding(rule, begin, end);
  if (part.fix.kind == FixKind::Value && !entry.value.empty()) {
    const std::size_t line_end =
        source.line_start(entry.line) + source.line_text(entry.line).size();
    const std::size_t at = source.text.substr(0, line_end).rfind(entry.value);
    if (at != std::string_view::npos && at >= source.line_start(entry.line)) {
      source.apply(found, {{.begin = at, .end = at + entry.value.size(), .text = part.fix.text}});
    }
  } else if (part.fix.kind == FixKind::RemoveStatement) {
    const std::size_t start = source.line_start(entry.line);
    const std::size_t stop =
        entry.line < source.lines() ? source.line_start(entry.line + 1) : source.text.size();
    source.apply(found, {{.begin = start, .end = stop, .text = {}}});
  }
  findings.push_back(std::move(found));
}

// A value may be a script: "run: |", "script: [...]", "postinstall": "curl -k ...".
void find_commands(const Source& source, const settings::Entry& entry,
                   const std::vector<const Rule*>& rules, std::vector<Finding>& findings) {
  const auto start = static_cast<std::size_t>(std::max(entry.line, 1));
  for (ScriptCommand& command : commands_of(entry.value)) {
    std::size_t at = source.line_start(static_cast<int>(start));
    for (auto* words : {&command.words, &command.assignments}) {
      for (ScriptWord& word : *words) {
        const std::size_t found = source.text.find(word.text, at);
        word.begin = found == std::string_view::npos ? at : found;
        word.end = found == std::string_view::npos ? at : found + word.text.size();
        word.quoted = true;  // offsets are looked up, not known: nothing is edited
        at = found == std::string_view::npos ? at : word.begin;
      }
    }
    judge_command(source, command, rules, findings);
  }
}

bool holds_scripts(const settings::Entry& entry) {
  constexpr std::array<std::string_view, 22> kKeys = {"run",
                                                      "script",
                                                      "before_script",
                                                      "after_script",
                                                      "command",
                                                      "args",
                                                      "cmd",
                                                      "shell",
                                                      "commands",
                                                      "entrypoint",
                                                      "scripts",
                                                      "install",
                                                      "before_install",
                                                      "steps",
                                                      "exec",
                                                      "raw",
                                                      "inlinescript",
                                                      "bash",
                                                      "postcreatecommand",
                                                      "test",
                                                      "deploy",
                                                      "powershell"};
  return std::ranges::any_of(entry.path, [&](const std::string& part) {
    return std::ranges::find(kKeys, lowered(part)) != kKeys.end();
  });
}

void find_variables(const Source& source, const settings::Document& document,
                    const std::vector<const Rule*>& rules, std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < document.entries.size(); ++i) {
    const settings::Entry& entry = document.entries[i];
    std::string_view name = entry.path.empty() ? std::string_view() : entry.path.back();
    std::string_view value = entry.value;
    // {name: X, value: "0"} of Kubernetes.
    if (name == "name" && i + 1 < document.entries.size() &&
        !document.entries[i + 1].path.empty() && document.entries[i + 1].path.back() == "value") {
      name = entry.value;
      value = document.entries[i + 1].value;
    }
    // "- X=0" of docker compose.
    const std::size_t equals = entry.value.find('=');
    for (const Rule* rule : rules) {
      for (const EnvironmentRule& part : rule->environment) {
        const bool listed = equals != std::string::npos &&
                            variable_is_bad(part, std::string_view(entry.value).substr(0, equals),
                                            std::string_view(entry.value).substr(equals + 1));
        if (listed || variable_is_bad(part, name, value)) {
          const auto [begin, end] = Places(source).place(entry);
          findings.push_back(source.finding(*rule, begin, end));
        }
      }
    }
  }
}

// An argument in a list of its own: args: ["--insecure-skip-tls-verify"], with the program
// elsewhere.
void find_arguments(const Source& source, const settings::Entry& entry,
                    const std::vector<const Rule*>& rules, std::vector<Finding>& findings) {
  if (!entry.value.starts_with("--")) {
    return;
  }
  for (const Rule* rule : rules) {
    for (const CommandRule& part : rule->commands) {
      const bool hit = std::ranges::any_of(part.options, [&](const std::string& option) {
        return option.size() > 14 && option.starts_with("--") && fits(option, entry.value);
      });
      if (hit) {
        const auto [begin, end] = Places(source).place(entry);
        findings.push_back(source.finding(*rule, begin, end));
      }
    }
  }
}

}  // namespace

void find_in_settings(const Source& source, const Language& language,
                      const std::vector<const Rule*>& rules, std::vector<Finding>& findings) {
  const Reader reader = reader_of(language.reader);
  settings::Document document =
      reader == nullptr ? read_lines(source.path, source.text) : reader(source.path, source.text);
  if (language.reader == "yaml" && !document.problems.empty()) {
    document = read_lines(source.path, source.text);
  }
  for (const settings::Entry& entry : document.entries) {
    const std::string key = joined(entry.path);
    for (const Rule* rule : rules) {
      for (const SettingRule& part : rule->settings) {
        if (in_files(part, source, language) && fits_any(part.keys, key) &&
            bad_value(part, entry)) {
          add_setting(source, *rule, part, entry, findings);
        }
      }
    }
    if (holds_scripts(entry)) {
      find_commands(source, entry, rules, findings);
      find_arguments(source, entry, rules, findings);
    }
  }
  find_variables(source, document, rules, findings);
}

}  // namespace medic::audit
