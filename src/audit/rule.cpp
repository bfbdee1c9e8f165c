#include "audit/rule.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "base/bytes.h"
#include "base/toml.h"

namespace medic::audit {
namespace {

constexpr std::string_view kRules = "data/audit/rules/";

std::vector<std::string> globs(const TomlTable& table, std::string_view key) {
  std::vector<std::string> all;
  for (const std::string& one : table.optional_strings(key)) {
    for (std::string& each : expanded(one)) {
      all.push_back(std::move(each));
    }
  }
  return all;
}

std::vector<std::string> lower_globs(const TomlTable& table, std::string_view key) {
  std::vector<std::string> all = globs(table, key);
  std::ranges::transform(all, all.begin(), [](const std::string& one) { return lowered(one); });
  return all;
}

Fix fix_of(const TomlTable& table) {
  Fix fix;
  const std::string text = table.optional_string("fix").value_or("");
  if (text.empty()) {
    return fix;
  }
  if (text == "remove-argument") {
    fix.kind = FixKind::RemoveArgument;
  } else if (text == "remove-statement") {
    fix.kind = FixKind::RemoveStatement;
  } else if (text.starts_with("value ")) {
    fix = {.kind = FixKind::Value, .text = text.substr(6)};
  } else if (text.starts_with("callee ")) {
    fix = {.kind = FixKind::Callee, .text = text.substr(7)};
  } else {
    table.report("fix", "remove-argument, remove-statement, 'value X' or 'callee X'");
  }
  return fix;
}

PythonRule python_rule(const TomlTable& table) {
  return {.calls = globs(table, "call"),
          .stores = globs(table, "store"),
          .references = globs(table, "reference"),
          .methods = globs(table, "method"),
          .receivers = globs(table, "receiver"),
          .imports = globs(table, "imports"),
          .values = globs(table, "values"),
          .not_values = globs(table, "not_values"),
          .keyword = table.optional_string("keyword").value_or(""),
          .position = static_cast<int>(table.optional_integer("position").value_or(-1)),
          .absent = table.optional_boolean("absent").value_or(false),
          .plaintext_fallback = table.optional_boolean("plaintext_fallback").value_or(false),
          .fix = fix_of(table)};
}

RuleText text_of(const TomlTable& rule, std::string_view language) {
  const TomlTable* table = rule.table(language);
  if (table == nullptr) {
    rule.report(language, "the texts title, why and fix");
    return {};
  }
  return {
      .title = table->string("title"), .why = table->string("why"), .fix = table->string("fix")};
}

std::vector<Example> examples(const TomlTable& rule, std::string_view key) {
  std::vector<Example> all;
  for (const TomlTable* one : rule.tables(key)) {
    all.push_back({.text = one->string("text"),
                   .file = one->string("file"),
                   .because = one->optional_string("because").value_or(""),
                   .count = static_cast<int>(one->optional_integer("count").value_or(1))});
  }
  return all;
}

void read_parts(const TomlTable& table, Rule& rule) {
  for (const TomlTable* part : table.tables("python")) {
    rule.python.push_back(python_rule(*part));
  }
  for (const TomlTable* part : table.tables("tokens")) {
    rule.tokens.push_back({.pattern = part->string("pattern"),
                           .fix = fix_of(*part),
                           .at_end = part->optional_boolean("at_end").value_or(false)});
  }
  for (const TomlTable* part : table.tables("command")) {
    rule.commands.push_back({.programs = globs(*part, "programs"),
                             .options = globs(*part, "options"),
                             .valued = part->optional_string("valued").value_or(""),
                             .needs = globs(*part, "needs"),
                             .remove = part->optional_boolean("remove").value_or(true)});
  }
  for (const TomlTable* part : table.tables("environment")) {
    rule.environment.push_back(
        {.names = globs(*part, "names"), .values = lower_globs(*part, "values")});
  }
  for (const TomlTable* part : table.tables("record")) {
    rule.records.push_back({.files = globs(*part, "files")});
  }
  for (const TomlTable* part : table.tables("setting")) {
    rule.settings.push_back({.files = lower_globs(*part, "files"),
                             .readers = part->optional_strings("readers"),
                             .keys = lower_globs(*part, "keys"),
                             .values = lower_globs(*part, "values"),
                             .not_values = lower_globs(*part, "not_values"),
                             .fix = fix_of(*part)});
  }
}

void check(const TomlTable& table, const Rule& rule) {
  if (rule.words.empty() && rule.records.empty()) {
    table.report("words", "one word at least that every hit holds");
  }
  for (const std::string& word : rule.words) {
    if (word.size() < 4) {
      table.report("words", fmt::format("'{}' is too short to look for", word));
    }
  }
  if ((rule.bad.empty() || rule.good.empty()) && rule.records.empty()) {
    table.report("bad", "one [[bad]] and one [[good]] example at least");
  }
  if (rule.python.empty() && rule.tokens.empty() && rule.commands.empty() &&
      rule.environment.empty() && rule.settings.empty() && rule.records.empty()) {
    table.report("tokens", "something to look for");
  }
}

Rule rule_of(const TomlTable& table, std::string id) {
  Rule rule;
  rule.id = std::move(id);
  const std::string severity = table.string("severity");
  if (const auto parsed = parse_severity(severity)) {
    rule.severity = *parsed;
  } else {
    table.report("severity", "low, medium or high");
  }
  rule.languages = table.optional_strings("languages");
  rule.words = table.optional_strings("words");
  rule.sources = table.optional_strings("sources");
  rule.english = text_of(table, "en");
  rule.korean = text_of(table, "ko");
  read_parts(table, rule);
  rule.bad = examples(table, "bad");
  rule.good = examples(table, "good");
  check(table, rule);
  return rule;
}

}  // namespace

RuleSet parse_rules(std::span<const EmbeddedFile> files) {
  RuleSet set;
  for (const EmbeddedFile& file : files) {
    if (!file.path.starts_with(kRules)) {
      continue;
    }
    const auto table = parse_toml(as_text(file.bytes), file.path);
    if (!table) {
      set.problems.push_back(table.error().what);
      continue;
    }
    std::string_view stem = file.path.substr(file.path.rfind('/') + 1);
    stem = stem.substr(0, stem.rfind('.'));
    set.rules.push_back(rule_of(**table, std::string(stem)));
    for (std::string& problem : (*table)->problems()) {
      set.problems.push_back(std::move(problem));
    }
  }
  std::ranges::sort(set.rules, {}, &Rule::id);
  for (std::size_t i = 1; i < set.rules.size(); ++i) {
    if (set.rules[i].id == set.rules[i - 1].id) {
      set.problems.push_back(fmt::format("two rules are named '{}'", set.rules[i].id));
    }
  }
  return set;
}

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> rules = parse_rules(audit_files()).rules;
  return rules;
}

const Rule* find_rule(std::string_view id) {
  const std::vector<Rule>& rules = all_rules();
  const auto at = std::ranges::lower_bound(rules, id, {}, &Rule::id);
  return at != rules.end() && at->id == id ? &*at : nullptr;
}

}  // namespace medic::audit
