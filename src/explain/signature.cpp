#include "explain/signature.h"

#include <fmt/core.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/embedded.h"
#include "base/toml.h"
#include "catalogue/loader.h"
#include "explain/likelihood.h"
#include "explain/pattern.h"

namespace medic::explain {
namespace {

constexpr std::string_view kDirectory = "data/signatures/";
// The database numbers patterns by file and position in the file (see matcher.cpp).
constexpr std::size_t kMostPatterns = 32;

Example parsed_example(const TomlTable& table) {
  return {.line = table.string("line"),
          .because = table.optional_string("because").value_or(""),
          .symptom = table.optional_string("symptom"),
          .client = table.optional_string("client"),
          .library = table.optional_string("library"),
          .host = table.optional_string("host")};
}

std::vector<Example> parsed_examples(const TomlTable& root, std::string_view key) {
  std::vector<Example> examples;
  for (const TomlTable* table : root.tables(key)) {
    examples.push_back(parsed_example(*table));
    if (examples.back().line.empty()) {
      table->report("line", "expected a text");
    }
    if (key == "no_match" && examples.back().because.empty()) {
      table->report("because", "expected what the line is instead");
    }
  }
  if (examples.empty()) {
    root.report(key, "expected at least one");
  }
  return examples;
}

Note parsed_note(const TomlTable& root) {
  const TomlTable* table = root.table("note");
  if (table == nullptr) {
    return {};
  }
  return {.english = catalogue::flowed(table->string("en")),
          .korean = catalogue::flowed(table->string("ko"))};
}

void check_patterns(const TomlTable& root, const Signature& signature) {
  if (signature.patterns.empty() || signature.patterns.size() > kMostPatterns) {
    root.report("patterns", fmt::format("expected 1 to {}", kMostPatterns));
  }
  for (const std::string& text : signature.patterns) {
    if (const Result<Pattern> pattern = Pattern::parse(text); !pattern) {
      root.report("patterns", fmt::format("'{}': {}", text, pattern.error().what));
    }
  }
}

Hides parsed_hides(const TomlTable& root, std::string_view symptom) {
  const std::optional<std::string> word = root.optional_string("hides");
  if (!word) {
    return Hides::Nothing;
  }
  if (symptom != kHiddenSymptom) {
    root.report("hides", "expected the symptom 'other': this one says what failed");
  }
  if (*word != "reason" && *word != "whether") {
    root.report("hides", "expected \"reason\" or \"whether\"");
  }
  return *word == "whether" ? Hides::Whether : Hides::Reason;
}

}  // namespace

std::string_view signature_id(std::string_view path) {
  path.remove_prefix(path.starts_with(kDirectory) ? kDirectory.size() : 0);
  path.remove_suffix(path.ends_with(".toml") ? 5 : 0);
  return path;
}

Signature parse_signature(const EmbeddedFile& file, Problems& problems) {
  const auto root = parse_toml(as_text(file.bytes), file.path);
  if (!root) {
    problems.push_back(root.error().what);
    return {};
  }
  const TomlTable& table = **root;
  Signature signature;
  signature.id = signature_id(file.path);
  signature.library = table.optional_string("library").value_or("");
  signature.client = table.optional_string("client").value_or("");
  signature.symptom = table.optional_string("symptom").value_or("");
  const std::int64_t specificity = table.optional_integer("specificity").value_or(60);
  if (specificity < 0 || specificity > 100) {
    table.report("specificity", "expected 0 to 100");
  }
  signature.specificity = static_cast<int>(specificity);
  signature.plain_words = table.optional_boolean("plain_words").value_or(false);
  signature.hides = parsed_hides(table, signature.symptom);
  signature.patterns = table.strings("patterns");
  signature.causes = parse_causes(table);
  signature.shifts = parse_shifts(table);
  signature.note = parsed_note(table);
  signature.sources = table.strings("sources");
  signature.match = parsed_examples(table, "match");
  signature.no_match = parsed_examples(table, "no_match");
  check_patterns(table, signature);
  if (signature.sources.empty()) {
    table.report("sources", "expected where the words come from");
  }
  if (signature.library.empty() && signature.client.empty()) {
    table.report("library", "expected a library or a client: whose words are these?");
  }
  const std::vector<std::string> found = table.problems();
  problems.insert(problems.end(), found.begin(), found.end());
  return signature;
}

}  // namespace medic::explain
