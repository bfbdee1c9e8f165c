#pragma once

// An audit rule is a file of data/audit/rules: what is looked for, in which languages, in which
// words it is explained, and one example at least that it must find and one that it must not. How
// the parts are written is said in CONTRIBUTING.md.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/finding.h"
#include "base/embedded.h"
#include "base/error.h"

namespace medic::audit {

// What a replacement does to the text of a finding.
enum class FixKind : std::uint8_t {
  None,
  RemoveArgument,   // with the comma that parts it from its neighbour
  Value,            // the bad value becomes `text`
  Callee,           // what is called becomes `text`
  RemoveStatement,  // the whole line, where the statement has it for itself
};

struct Fix {
  FixKind kind = FixKind::None;
  std::string text;
};

// Python: a call, an assignment or a mention of a name (python_program.h).
struct PythonRule {
  std::vector<std::string> calls;       // globs over what is called
  std::vector<std::string> stores;      // ... over what is assigned to
  std::vector<std::string> references;  // ... over what is mentioned
  // Calls and assignments on what the file does not tell: names of methods or of the attribute, and
  // what the receiver may be called. Only in files that import one of `imports`.
  std::vector<std::string> methods;
  std::vector<std::string> receivers;
  std::vector<std::string> imports;
  std::vector<std::string> values;  // globs over written(); empty: any
  std::vector<std::string> not_values;
  std::string keyword;  // of the argument; "sslopt.cert_reqs": within a dictionary
  int position = -1;    // of the argument when it has no name
  bool absent = false;  // the argument must be missing
  bool plaintext_fallback = false;
  Fix fix;
};

// Source by tokens. See token_pattern.h for the syntax.
struct TokenRule {
  std::string pattern;
  Fix fix;
  bool at_end = false;  // the last token is the place: what stands before it only leads there
};

// A program started with an option: in scripts, and in strings that hold command lines.
struct CommandRule {
  std::vector<std::string> programs;
  std::vector<std::string> options;  // "--insecure"; "-k" also in "-sSk"; "-c http.sslVerify=false"
  std::string valued;                // letters of short options that take a value
  std::vector<std::string> needs;    // words one of which must be there ("install")
  bool remove = true;                // the option can be taken away
};

// A variable of the environment, wherever it is set.
struct EnvironmentRule {
  std::vector<std::string> names;
  std::vector<std::string> values;  // globs; empty: any that is not empty
};

// A key of a configuration file.
struct SettingRule {
  std::vector<std::string>
      files;  // globs over the last parts of the path: ".condarc", "pip/pip.conf"
  std::vector<std::string> readers;  // "yaml", "ini", ...: any file of the syntax
  std::vector<std::string> keys;     // globs over the path of the key, joined by '.', lower case
  std::vector<std::string> values;   // globs, lower case; empty: any
  std::vector<std::string> not_values;
  Fix fix;
};

// A file of an installed Python package that differs from what the package's RECORD says of it.
struct RecordRule {
  std::vector<std::string> files;  // globs over the paths in RECORD
};

struct RuleText {
  std::string title;
  std::string why;
  std::string fix;
};

struct Example {
  std::string text;
  std::string file;  // its name decides how it is read
  std::string because;
  int count = 1;  // findings of this rule
};

struct Rule {
  std::string id;
  Severity severity = Severity::High;
  std::vector<std::string> languages;  // ids of data/audit/languages; for token rules
  std::vector<std::string> words;      // without one of them the file is not looked into
  RuleText english;
  RuleText korean;
  std::vector<std::string> sources;
  std::vector<PythonRule> python;
  std::vector<TokenRule> tokens;
  std::vector<CommandRule> commands;
  std::vector<EnvironmentRule> environment;
  std::vector<SettingRule> settings;
  std::vector<RecordRule> records;
  std::vector<Example> bad;
  std::vector<Example> good;
};

// Rules with every problem of their files: "file:line: key: what was expected".
struct RuleSet {
  std::vector<Rule> rules;
  std::vector<std::string> problems;
};
RuleSet parse_rules(std::span<const EmbeddedFile> files);

// Those of data/audit/rules, parsed once.
const std::vector<Rule>& all_rules();
const Rule* find_rule(std::string_view id);
std::span<const EmbeddedFile> audit_files();

}  // namespace medic::audit
