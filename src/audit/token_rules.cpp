// Token patterns, variables set in code, and command lines that code starts.

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/lexer.h"
#include "audit/script.h"
#include "audit/text_rules.h"
#include "audit/token_pattern.h"

namespace medic::audit {
namespace {

bool speaks(const Rule& rule, const Language& language) {
  return std::ranges::find(rule.languages, language.id) != rule.languages.end();
}

void find_patterns(const Source& source, const Rule& rule, const PatternSearch& search,
                   std::vector<Finding>& findings) {
  const std::vector<Token>& tokens = search.tokens();
  for (const TokenRule& part : rule.tokens) {
    const auto pattern = parse_pattern(part.pattern, search.language());
    if (!pattern) {
      continue;
    }
    for (const PatternMatch& match : search.find(*pattern)) {
      const Token& first = tokens[match.first];
      const Token& last = tokens[std::min(match.last, tokens.size() - 1)];
      Finding found = source.finding(rule, part.at_end ? last.begin : first.begin, last.end);
      if (match.value) {
        const Token& value = tokens[*match.value];
        if (part.fix.kind == FixKind::Value) {
          source.apply(found, {{.begin = value.begin, .end = value.end, .text = part.fix.text}});
        }
      }
      findings.push_back(std::move(found));
    }
  }
}

// Words before a name that only ask for it.
bool reads(std::string_view word) {
  constexpr std::array<std::string_view, 9> kWords = {
      "get", "getenv", "Getenv", "LookupEnv", "pop", "delete", "unset", "getProperty", "var"};
  return std::ranges::find(kWords, word) != kWords.end() || word == "GetEnvironmentVariable";
}

// The token of the value that the name at `name` is set to; 0: it is not set there.
std::size_t set_value(const std::vector<Token>& tokens, std::size_t name) {
  std::size_t next = name + 1;
  while (next < tokens.size() && (tokens[next].text == "]" || tokens[next].text == ")")) {
    ++next;
  }
  if (next + 1 >= tokens.size() || tokens[next + 1].kind == TokenKind::LineEnd) {
    return 0;
  }
  const std::string_view mark = tokens[next].text;
  const bool sets = mark == "=" || mark == ":" || mark == "=>" || mark == ",";
  const bool asked = name >= 2 && tokens[name - 1].text == "(" && reads(tokens[name - 2].text);
  return sets && !asked ? next + 1 : 0;
}

// NAME = "0", ["NAME"] = "0", ("NAME", "0"), "NAME": "0", NAME => 0, and "NAME=0" in one string.
void find_variables(const Source& source, const Rule& rule, const std::vector<Token>& tokens,
                    std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& name = tokens[i];
    if (name.kind != TokenKind::Word && name.kind != TokenKind::String) {
      continue;
    }
    for (const EnvironmentRule& part : rule.environment) {
      const std::size_t equals = name.text.find('=');
      if (name.kind == TokenKind::String && equals != std::string_view::npos &&
          variable_is_bad(part, name.text.substr(0, equals), name.text.substr(equals + 1))) {
        findings.push_back(source.finding(rule, name.begin, name.end));
        continue;
      }
      std::string_view word = name.text;
      word.remove_prefix(word.starts_with("$env:") ? 5U : 0U);
      if (!fits_any(part.names, word)) {
        continue;
      }
      const std::size_t value = set_value(tokens, i);
      if (value != 0 && variable_is_bad(part, word, tokens[value].text)) {
        findings.push_back(source.finding(rule, name.begin, tokens[value].end));
      }
    }
  }
}

bool starts_programs(std::string_view word) {
  constexpr std::array<std::string_view, 32> kWords = {"system",
                                                       "popen",
                                                       "Popen",
                                                       "run",
                                                       "call",
                                                       "check_call",
                                                       "check_output",
                                                       "exec",
                                                       "execSync",
                                                       "spawn",
                                                       "spawnSync",
                                                       "execFile",
                                                       "execFileSync",
                                                       "shell_exec",
                                                       "sh",
                                                       "bash",
                                                       "Command",
                                                       "passthru",
                                                       "command",
                                                       "shell",
                                                       "getoutput",
                                                       "getstatusoutput",
                                                       "commandLine",
                                                       "execute",
                                                       "ProcessBuilder",
                                                       "capture2",
                                                       "capture3",
                                                       "powershell",
                                                       "bat",
                                                       "local",
                                                       "sudo",
                                                       "cmd"};
  return std::ranges::find(kWords, word) != kWords.end();
}

// The words of ["curl", "-k", url] or ("curl", "-k"), from the token behind the bracket on.
ScriptCommand listed(const std::vector<Token>& tokens, std::size_t at) {
  ScriptCommand command;
  for (std::size_t i = at; i < tokens.size() && i < at + 200; ++i) {
    if (tokens[i].kind == TokenKind::String) {
      command.words.push_back({.text = std::string(tokens[i].text),
                               .begin = tokens[i].begin,
                               .end = tokens[i].end,
                               .quoted = true});
    } else if (tokens[i].text == "]" || tokens[i].text == ")" || tokens[i].text == ";" ||
               tokens[i].kind == TokenKind::LineEnd) {
      break;
    } else if (tokens[i].kind == TokenKind::Word) {
      command.words.push_back({.text = "$", .begin = tokens[i].begin, .end = tokens[i].end});
    }
  }
  return command;
}

bool names_program(std::string_view text, const std::vector<const Rule*>& rules) {
  return std::ranges::any_of(rules, [&](const Rule* rule) {
    return std::ranges::any_of(
        rule->commands, [&](const CommandRule& part) { return fits_any(part.programs, text); });
  });
}

// Whether the string at `at` is an argument of a function that starts programs.
bool is_started(const std::vector<Token>& tokens, std::size_t at) {
  for (std::size_t back = 1; back <= 4 && back <= at; ++back) {
    const Token& before = tokens[at - back];
    if (before.kind == TokenKind::Word) {
      return starts_programs(before.text);
    }
    if (before.kind != TokenKind::Mark || before.text == ")" || before.text == ";") {
      return false;
    }
  }
  return false;
}

void judge_line(const Source& source, const std::vector<const Rule*>& rules, const Token& token,
                std::vector<Finding>& findings) {
  const auto offset = static_cast<std::size_t>(token.text.data() - source.text.data());
  for (ScriptCommand& command : commands_of(token.text)) {
    for (auto* words : {&command.words, &command.assignments}) {
      for (ScriptWord& word : *words) {
        word.begin += offset;
        word.end += offset;
      }
    }
    judge_command(source, command, rules, findings);
  }
}

void find_commands(const Source& source, const std::vector<const Rule*>& rules,
                   const std::vector<Token>& tokens, std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::String) {
      continue;
    }
    const std::string_view before = i > 0 ? tokens[i - 1].text : std::string_view();
    const bool started = is_started(tokens, i);
    if (!names_program(tokens[i].text, rules)) {
      if (started) {
        judge_line(source, rules, tokens[i], findings);
      }
    } else if (before == "[" || (before == "(" && started)) {
      judge_command(source, listed(tokens, i), rules, findings);
    }
  }
}

}  // namespace

void find_in_tokens(const Source& source, const Language& language,
                    const std::vector<const Rule*>& rules, std::vector<Finding>& findings) {
  const bool patterns = std::ranges::any_of(
      rules, [&](const Rule* rule) { return !rule->tokens.empty() && speaks(*rule, language); });
  const bool variables =
      std::ranges::any_of(rules, [](const Rule* rule) { return !rule->environment.empty(); });
  const bool commands =
      language.scripts_in_strings &&
      std::ranges::any_of(rules, [](const Rule* rule) { return !rule->commands.empty(); });
  if (!patterns && !variables && !commands) {
    return;
  }
  const std::vector<Token> tokens = tokens_of(source.text, language);
  if (tokens.empty()) {
    return;
  }
  if (patterns) {
    const PatternSearch search(tokens, language);
    for (const Rule* rule : rules) {
      if (speaks(*rule, language)) {
        find_patterns(source, *rule, search, findings);
      }
    }
  }
  if (!language.script || language.has("variables")) {
    for (const Rule* rule : rules) {
      find_variables(source, *rule, tokens, findings);
    }
  }
  if (commands) {
    find_commands(source, rules, tokens, findings);
  }
}

}  // namespace medic::audit
