#include "audit/python_rules.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/plaintext.h"
#include "audit/python_program.h"
#include "audit/python_token.h"
#include "audit/python_tree.h"
#include "base/toml.h"

namespace medic::audit {
namespace {

// One part of one rule; its index is the sink's number.
struct Part {
  const Rule* rule = nullptr;
  const PythonRule* python = nullptr;
};

bool forbidden(const PythonRule& rule, const PythonValue& value) {
  const std::string text = written(value);
  if (!rule.not_values.empty() && fits_any(rule.not_values, text)) {
    return false;
  }
  if (value.kind == PythonValueKind::Parameter) {
    return false;
  }
  return rule.values.empty() || fits_any(rule.values, text);
}

bool is_fixable_by_value(const PythonValue& value) {
  return value.kind == PythonValueKind::Constant || value.kind == PythonValueKind::Path;
}

class RuleWatcher final : public PythonWatcher {
 public:
  RuleWatcher(const Source& source, const std::vector<const Rule*>& rules,
              std::vector<Finding>& findings)
      : source_(source), findings_(findings) {
    for (const Rule* rule : rules) {
      for (const PythonRule& part : rule->python) {
        parts_.push_back({.rule = rule, .python = &part});
      }
    }
  }

  void on_call(PythonProgram& program, const PythonCall& call) override {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const PythonRule& rule = *parts_[i].python;
      if (!rule.calls.empty() && applies(program, rule, call)) {
        check_argument(program, i, call, rule.keyword, rule.position);
      }
    }
    if (!program.last_pass() && call.functions.empty()) {
      return;
    }
    for (const std::uint32_t index : call.functions) {
      check_sinks(program, call, index);
    }
  }

  void on_store(PythonProgram& program, const PythonStore& store) override {
    if (store.value == 0) {
      return;
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const PythonRule& rule = *parts_[i].python;
      if (!rule.stores.empty() && !store.server && applies(program, rule, store)) {
        if (rule.values.empty() && rule.not_values.empty() && program.last_pass()) {
          const PythonNode& at = program.tree()[store.node];
          add(source_.finding(*parts_[i].rule, at.begin, at.end));
        } else {
          check_values(program, i, store.values, store.node, store.value);
        }
      }
    }
  }

  void on_reference(PythonProgram& program, std::uint32_t node, const std::string& path) override {
    if (!program.last_pass()) {
      return;
    }
    for (const Part& part : parts_) {
      if (!part.python->references.empty() && fits_any(part.python->references, path)) {
        const PythonNode& at = program.tree()[node];
        Finding found = source_.finding(*part.rule, at.begin, at.end);
        if (part.python->fix.kind == FixKind::Callee) {
          source_.apply(found, {{.begin = at.begin, .end = at.end, .text = part.python->fix.text}});
        }
        add(std::move(found));
      }
    }
  }

  void on_try(PythonProgram& program, std::uint32_t node) override {
    if (!program.last_pass()) {
      return;
    }
    for (const Part& part : parts_) {
      if (!part.python->plaintext_fallback) {
        continue;
      }
      for (const std::uint32_t at : plaintext_fallbacks(program.tree(), node)) {
        const PythonNode& found = program.tree()[at];
        add(source_.finding(*part.rule, found.begin, found.end));
      }
    }
  }

 private:
  static bool any_path(const std::vector<std::string>& globs,
                       const std::vector<std::string>& paths) {
    return std::ranges::any_of(paths,
                               [&](const std::string& path) { return fits_any(globs, path); });
  }

  bool imported(const PythonProgram& program, const PythonRule& rule) const {
    return std::ranges::any_of(rule.imports,
                               [&](const std::string& module) { return program.imports(module); });
  }

  bool receiver_fits(const PythonProgram& program, const PythonRule& rule,
                     std::uint32_t receiver) const {
    if (rule.receivers.empty() || receiver == 0) {
      return receiver != 0;
    }
    return fits_any(rule.receivers, lowered(program.tree().text(receiver)));
  }

  bool applies(const PythonProgram& program, const PythonRule& rule, const PythonCall& call) const {
    if (any_path(rule.calls, call.paths)) {
      return true;
    }
    return !rule.methods.empty() && call.paths.empty() && !call.receiver_known &&
           fits_any(rule.methods, call.method) && imported(program, rule) &&
           receiver_fits(program, rule, call.receiver);
  }

  bool applies(const PythonProgram& program, const PythonRule& rule,
               const PythonStore& store) const {
    if (any_path(rule.stores, store.paths)) {
      return true;
    }
    return !rule.methods.empty() && !store.receiver_known &&
           fits_any(rule.methods, store.attribute) && imported(program, rule) &&
           receiver_fits(program, rule, store.receiver);
  }

  static const PythonArgument* find(const PythonCall& call, std::string_view name, int position) {
    int at = 0;
    const PythonArgument* found = nullptr;
    for (const PythonArgument& argument : call.arguments) {
      if (argument.name == name || (argument.name.empty() && at == position)) {
        found = &argument;  // of two the later counts, as it does for **keywords
      }
      at += argument.name.empty() ? 1 : 0;
    }
    return found;
  }

  void check_argument(PythonProgram& program, std::size_t index, const PythonCall& call,
                      std::string_view keyword, int position) {
    const PythonRule& rule = *parts_[index].python;
    const std::string_view name = keyword.substr(0, keyword.find('.'));
    const PythonArgument* argument = find(call, name, position);
    const bool missing = rule.absent && argument == nullptr && !call.open && !call.partial;
    if (missing || (keyword.empty() && position < 0)) {
      report_call(program, parts_[index], call);
      return;
    }
    if (argument == nullptr || (rule.absent && rule.values.empty())) {
      return;
    }
    if (name.size() == keyword.size()) {
      check_values(program, index, argument->values, argument->node, argument->node);
      return;
    }
    for (const PythonValue& value : argument->values) {
      if (value.kind == PythonValueKind::Mapping) {
        const auto at = value.object->entries.find(keyword.substr(name.size() + 1));
        if (at != value.object->entries.end()) {
          check_values(program, index, at->second, argument->node, argument->node);
        }
      }
    }
  }

  void report_call(const PythonProgram& program, const Part& part, const PythonCall& call) {
    if (!program.last_pass()) {
      return;
    }
    const PythonNode& callee = program.tree()[call.callee];
    Finding found = source_.finding(*part.rule, program.tree()[call.node].begin, callee.end);
    if (part.python->fix.kind == FixKind::Callee) {
      source_.apply(found,
                    {{.begin = callee.begin, .end = callee.end, .text = part.python->fix.text}});
    }
    add(std::move(found));
  }

  // `place`: what is reported; `written_at`: the expression or keyword that a fix changes.
  void check_values(PythonProgram& program, std::size_t index, const PythonValues& values,
                    std::uint32_t place, std::uint32_t written_at) {
    const Part& part = parts_[index];
    for (const PythonValue& value : values) {
      if (value.kind == PythonValueKind::Parameter) {
        program.add_sink(value, index);
      }
    }
    if (!program.last_pass()) {
      return;
    }
    for (const PythonValue& value : values) {
      if (!forbidden(*part.python, value)) {
        continue;
      }
      // A context that has been told to verify since it was made does.
      if (value.kind == PythonValueKind::Instance && value.object->mark == "unverified" &&
          value.object->entries.contains("verify_mode")) {
        continue;
      }
      report(program, part, value, place, written_at);
      return;
    }
  }

  void report(const PythonProgram& program, const Part& part, const PythonValue& value,
              std::uint32_t place, std::uint32_t written_at) {
    const PythonTree& tree = program.tree();
    const PythonNode& at = tree[place];
    Finding found = source_.finding(*part.rule, at.begin, at.end);
    const PythonNode& origin = tree[value.node];
    const int line = source_.line(origin.begin);
    if (origin.begin < at.begin || origin.end > at.end) {
      found.origin_line = line;
    }
    const bool here = found.origin_line == 0;
    const Fix& fix = part.python->fix;
    const PythonNode& whole = tree[written_at];
    if (fix.kind == FixKind::RemoveArgument && here && whole.kind == NodeKind::Keyword) {
      source_.apply(found, {argument_removed(whole)});
    } else if ((fix.kind == FixKind::Value || fix.kind == FixKind::RemoveArgument) && here &&
               is_fixable_by_value(value)) {
      const std::string text = fix.text.empty() ? "True" : fix.text;
      source_.apply(found, {{.begin = origin.begin, .end = origin.end, .text = text}});
    }
    add(std::move(found));
  }

  // With the comma before it, or, as the first argument, behind it.
  [[nodiscard]] Edit argument_removed(const PythonNode& argument) const {
    const std::string_view text = source_.text;
    std::size_t begin = argument.begin;
    while (begin > 0 &&
           std::string_view(" \t\r\n").find(text[begin - 1]) != std::string_view::npos) {
      --begin;
    }
    if (begin > 0 && text[begin - 1] == ',') {
      return {.begin = begin - 1, .end = argument.end, .text = {}};
    }
    std::size_t end = argument.end;
    if (const std::size_t comma = text.find_first_not_of(" \t", end);
        comma != std::string_view::npos && text[comma] == ',') {
      end = text.find_first_not_of(" \t", comma + 1);
      end = end == std::string_view::npos ? text.size() : end;
    }
    return {.begin = argument.begin, .end = end, .text = {}};
  }

  // A function of the file that hands a parameter on to what a rule watches.
  void check_sinks(PythonProgram& program, const PythonCall& call, std::uint32_t index) {
    const PythonFunction function = program.function(index);
    if (function.sinks.empty()) {
      return;
    }
    const PythonTree& tree = program.tree();
    int position = !function.owner.empty() ? -1 : 0;
    for (std::uint32_t at = tree.first(tree.first(function.node)); at != 0; at = tree.next(at)) {
      const PythonNode& parameter = tree[at];
      const auto sinks = function.sinks.find(parameter.name);
      if (parameter.bound.empty() && sinks != function.sinks.end()) {
        for (const std::size_t sink : sinks->second) {
          const PythonArgument* argument = find(call, parameter.name, position);
          if (argument != nullptr) {
            check_values(program, sink, argument->values, argument->node, argument->node);
          }
        }
      }
      ++position;
    }
  }

  void add(Finding found) {
    if (seen_.insert({found.rule, found.begin}).second) {
      findings_.push_back(std::move(found));
    }
  }

  const Source& source_;
  std::vector<Finding>& findings_;
  std::vector<Part> parts_;
  std::set<std::pair<std::string, std::size_t>> seen_;
};

// Whether a word of the rules stands in code, or in a string short enough to be a key.
bool in_code(std::string_view text, const std::vector<PythonToken>& tokens,
             const std::set<std::string_view>& words) {
  constexpr std::size_t kKey = 80;
  return std::ranges::any_of(tokens, [&](const PythonToken& token) {
    const std::string_view word = text.substr(token.begin, token.end - token.begin);
    if (token.kind == PythonTokenKind::Name) {
      return std::ranges::any_of(words, [&](std::string_view one) {
        return word.find(one.substr(0, one.find_first_of(" ="))) != std::string_view::npos;
      });
    }
    return token.kind == PythonTokenKind::String && word.size() <= kKey &&
           std::ranges::any_of(words, [&](std::string_view one) {
             return word.find(one) != std::string_view::npos;
           });
  });
}

std::map<std::string, std::string, std::less<>> words_of(const TomlTable& table,
                                                         std::string_view name) {
  std::map<std::string, std::string, std::less<>> words;
  if (const TomlTable* entries = table.table(name)) {
    for (const std::string& key : entries->keys()) {
      words.emplace(key, entries->string(key));
    }
  }
  return words;
}

}  // namespace

const PythonKnowledge& python_knowledge() {
  static const PythonKnowledge knowledge = [] {
    const auto files = audit_files();
    const auto file = std::ranges::find(files, "data/audit/python.toml", &EmbeddedFile::path);
    PythonKnowledge made;
    const auto table = parse_toml(as_text(file->bytes), file->path);
    if (table) {
      made.aliases = words_of(**table, "aliases");
      made.returns = words_of(**table, "returns");
      made.servers = (*table)->strings("servers");
    }
    return made;
  }();
  return knowledge;
}

void find_in_python(const Source& source, const std::vector<const Rule*>& hit,
                    std::vector<Finding>& findings) {
  std::set<std::string_view> words;
  for (const Rule* rule : hit) {
    if (!rule->python.empty()) {
      words.insert(rule->words.begin(), rule->words.end());
    }
  }
  if (words.empty()) {
    return;
  }
  const std::vector<PythonToken> tokens = python_tokens(source.text);
  if (!in_code(source.text, tokens, words)) {
    return;
  }
  const PythonTree tree = parse_python(source.text, tokens);
  RuleWatcher watcher(source, hit, findings);
  PythonProgram(tree, python_knowledge(), watcher).run();
}

}  // namespace medic::audit
