// Programs started with options that switch verification off, and variables that do.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "audit/glob.h"
#include "audit/script.h"
#include "audit/text_rules.h"

namespace medic::audit {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

bool same(std::string_view glob, std::string_view word) {
  // Options are compared as they are written; keys of settings in any case.
  return fits(glob, word) || (!glob.starts_with('-') && fits(lowered(glob), lowered(word)));
}

// "-k" in "-fsSLk": letters that take a value end the cluster.
bool in_cluster(std::string_view option, std::string_view word, std::string_view valued) {
  if (option.size() != 2 || option[0] != '-' || option[1] == '-' || word.size() < 2 ||
      word[0] != '-' || word[1] == '-') {
    return false;
  }
  for (const char c : word.substr(1)) {
    if (c == option[1]) {
      return true;
    }
    if (valued.find(c) != std::string_view::npos) {
      return false;
    }
  }
  return false;
}

bool takes_value(std::string_view word, std::string_view valued) {
  return word.size() >= 2 && word[0] == '-' && word[1] != '-' &&
         valued.find(word.back()) != std::string_view::npos;
}

std::vector<std::string_view> parts_of(std::string_view option) {
  std::vector<std::string_view> parts;
  while (!option.empty()) {
    const std::size_t blank = std::min(option.find(' '), option.size());
    parts.push_back(option.substr(0, blank));
    option.remove_prefix(std::min(blank + 1, option.size()));
  }
  return parts;
}

// Where `option` begins among the words; `count` words belong to it.
std::size_t place_of(const std::string& option, const CommandRule& rule,
                     const std::vector<ScriptWord>& words, std::size_t& count) {
  const std::vector<std::string_view> parts = parts_of(option);
  count = parts.size();
  for (std::size_t i = 1; i + count <= words.size(); ++i) {
    if (words[i].text == "--" && option.starts_with('-')) {
      return kNone;
    }
    bool all = true;
    for (std::size_t j = 0; j < count && all; ++j) {
      all = same(parts[j], words[i + j].text) ||
            (count == 1 && in_cluster(parts[j], words[i + j].text, rule.valued));
    }
    const bool value = i > 1 && takes_value(words[i - 1].text, rule.valued);
    if (all && !value) {
      return i;
    }
  }
  return kNone;
}

bool has_needed(const CommandRule& rule, const ScriptCommand& command) {
  return rule.needs.empty() || std::ranges::any_of(command.words, [&](const ScriptWord& word) {
           return fits_any(rule.needs, word.text);
         });
}

// Words that end options and operands that say the place is this machine itself.
bool only_loopback(const ScriptCommand& command) {
  bool here = false;
  for (const ScriptWord& word : command.words) {
    const std::string_view text = word.text;
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) {
      continue;
    }
    const std::string_view host = text.substr(scheme + 3);
    const bool loopback =
        host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
    if (!loopback) {
      return false;
    }
    here = true;
  }
  return here;
}

void add_option(const Source& source, const Rule& rule, const CommandRule& part,
                const ScriptCommand& command, std::vector<Finding>& findings) {
  for (const std::string& option : part.options) {
    std::size_t count = 0;
    const std::size_t at = place_of(option, part, command.words, count);
    if (at == kNone) {
      continue;
    }
    const ScriptWord& first = command.words[at];
    const ScriptWord& last = command.words[at + count - 1];
    Finding found = source.finding(rule, first.begin, last.end);
    if (only_loopback(command)) {
      found.severity = Severity::Low;
    }
    const bool whole = same(option, first.text) && count == 1;
    if (part.remove && whole && first.begin > 0 && source.text[first.begin - 1] == ' ' &&
        !first.quoted) {
      source.apply(found, {{.begin = first.begin - 1, .end = last.end, .text = {}}});
    } else if (part.remove && count == 1 && !whole && !first.quoted) {
      std::string cluster(source.text.substr(first.begin, first.end - first.begin));
      if (const std::size_t letter = cluster.find(option[1], 1); letter != std::string::npos) {
        cluster.erase(letter, 1);
        source.apply(found, {{.begin = first.begin, .end = first.end, .text = cluster}});
      }
    }
    findings.push_back(std::move(found));
    return;
  }
}

void judge_assignments(const Source& source, const ScriptCommand& command,
                       const std::vector<const Rule*>& rules, std::vector<Finding>& findings) {
  for (const ScriptWord& word : command.assignments) {
    const std::size_t equals = word.text.find('=');
    const std::string_view name = std::string_view(word.text).substr(0, equals);
    const std::string_view value = std::string_view(word.text).substr(equals + 1);
    for (const Rule* rule : rules) {
      for (const EnvironmentRule& part : rule->environment) {
        if (variable_is_bad(part, name, value)) {
          findings.push_back(source.finding(*rule, word.begin, word.end));
        }
      }
    }
  }
}

}  // namespace

bool variable_is_bad(const EnvironmentRule& rule, std::string_view name, std::string_view value) {
  if (!fits_any(rule.names, name)) {
    return false;
  }
  const std::string lower = lowered(value);
  return rule.values.empty() ? !value.empty() : fits_any(rule.values, lower);
}

void judge_command(const Source& source, const ScriptCommand& command,
                   const std::vector<const Rule*>& rules, std::vector<Finding>& findings) {
  judge_assignments(source, command, rules, findings);
  const std::string_view program = command.program();
  // "docker run -e NAME=value", "ssh host NAME=value ...": variables for somebody else.
  ScriptCommand passed;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string& before = command.words[i - 1].text;
    if (before == "-e" || before == "--env" || before == "--build-arg" || before == "--set") {
      passed.assignments.push_back(command.words[i]);
    }
  }
  std::erase_if(passed.assignments,
                [](const ScriptWord& word) { return word.text.find('=') == std::string::npos; });
  judge_assignments(source, passed, rules, findings);
  for (const Rule* rule : rules) {
    for (const CommandRule& part : rule->commands) {
      if (fits_any(part.programs, program) && has_needed(part, command)) {
        const std::size_t before = findings.size();
        add_option(source, *rule, part, command, findings);
        if (findings.size() != before) {
          break;
        }
      }
    }
  }
}

void find_in_script(const Source& source, const Language& language,
                    const std::vector<const Rule*>& rules, std::vector<Finding>& findings) {
  std::vector<ScriptCommand> commands = commands_of(source.text);
  for (ScriptCommand& command : commands) {
    if (!language.program.empty()) {
      command.words.insert(command.words.begin(), {.text = language.program});
    }
    judge_command(source, command, rules, findings);
  }
}

}  // namespace medic::audit
