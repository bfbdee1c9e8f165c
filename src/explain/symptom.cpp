#include "explain/symptom.h"

#include <fmt/core.h>

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "base/embedded.h"
#include "base/toml.h"
#include "catalogue/loader.h"
#include "explain/data.h"
#include "explain/likelihood.h"

namespace medic::explain {
namespace {

SymptomText parsed_text(const TomlTable& root, std::string_view language) {
  const TomlTable* table = root.table(language);
  if (table == nullptr) {
    root.report(language, "missing, expected a table of texts");
    return {};
  }
  return {.means = catalogue::flowed(table->string("means")),
          .decide = catalogue::flowed(table->string("decide"))};
}

}  // namespace

Symptom parse_symptom(const EmbeddedFile& file, Problems& problems) {
  const auto root = parse_toml(as_text(file.bytes), file.path);
  if (!root) {
    problems.push_back(root.error().what);
    return {};
  }
  const TomlTable& table = **root;
  Symptom symptom;
  symptom.id = catalogue::stem(file.path);
  symptom.failure = table.optional_boolean("failure").value_or(true);
  symptom.causes = parse_causes(table);
  symptom.shifts = parse_shifts(table);
  symptom.next = table.strings("next");
  symptom.sources = table.strings("sources");
  symptom.english = parsed_text(table, "en");
  symptom.korean = parsed_text(table, "ko");
  if (symptom.causes.empty()) {
    table.report("cause", "expected at least one");
  }
  const std::vector<std::string> found = table.problems();
  problems.insert(problems.end(), found.begin(), found.end());
  return symptom;
}

const Symptom* find_symptom(std::string_view id) {
  static std::mutex mutex;
  static std::map<std::string, Symptom, std::less<>> read;
  const std::lock_guard lock(mutex);
  if (const auto at = read.find(id); at != read.end()) {
    return &at->second;
  }
  const EmbeddedFile* file = data_file(fmt::format("data/symptoms/{}.toml", id));
  if (file == nullptr) {
    return nullptr;
  }
  Problems problems;
  Symptom symptom = parse_symptom(*file, problems);
  MEDIC_CHECK(problems.empty());  // the build checked the file
  return &read.emplace(std::string(id), std::move(symptom)).first->second;
}

}  // namespace medic::explain
