#include "audit/language.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/rule.h"
#include "base/bytes.h"
#include "base/toml.h"

namespace medic::audit {
namespace {

constexpr std::string_view kDirectory = "data/audit/languages/";

Language language_from(const TomlTable& table, std::string id) {
  Language language;
  language.id = std::move(id);
  language.names = table.optional_strings("names");
  language.paths = table.optional_strings("paths");
  language.interpreters = table.optional_strings("interpreters");
  language.line_comments = table.optional_strings("line_comments");
  for (const std::string& both : table.optional_strings("block_comments")) {
    const std::size_t blank = both.find(' ');
    language.block_comments.emplace_back(both.substr(0, blank), both.substr(blank + 1));
  }
  language.quotes = table.optional_strings("quotes");
  language.raw_quotes = table.optional_strings("raw_quotes");
  language.long_quotes = table.optional_strings("long_quotes");
  language.word_characters = table.optional_string("word_characters").value_or("");
  language.features = table.optional_strings("features");
  language.line_ends = table.optional_boolean("line_ends").value_or(false);
  language.ignore_case = table.optional_boolean("ignore_case").value_or(false);
  language.reader = table.optional_string("reader").value_or("");
  language.script = table.optional_boolean("script").value_or(false);
  language.scripts_in_strings = table.optional_boolean("scripts_in_strings").value_or(false);
  language.program = table.optional_string("program").value_or("");
  return language;
}

// Globs of the form "*.ext" and plain names are looked up; the few others are tried in order.
struct Names {
  std::map<std::string, const Language*, std::less<>> extensions;
  std::map<std::string, const Language*, std::less<>> plain;
  std::vector<std::pair<std::string, const Language*>> globs;
  std::vector<std::pair<std::string, const Language*>> paths;
  std::map<std::string, const Language*, std::less<>> interpreters;
};

const Names& names() {
  static const Names made = [] {
    Names all;
    for (const Language& language : all_languages()) {
      for (const std::string& name : language.names) {
        const std::string_view rest =
            std::string_view(name).substr(std::min<std::size_t>(2, name.size()));
        if (name.starts_with("*.") && rest.find_first_of(".*") == std::string_view::npos) {
          all.extensions.emplace(rest, &language);
        } else if (name.find('*') == std::string::npos) {
          all.plain.emplace(name, &language);
        } else {
          all.globs.emplace_back(name, &language);
        }
      }
      for (const std::string& path : language.paths) {
        all.paths.emplace_back(path, &language);
      }
      for (const std::string& interpreter : language.interpreters) {
        all.interpreters.emplace(interpreter, &language);
      }
    }
    return all;
  }();
  return made;
}

}  // namespace

bool Language::has(std::string_view feature) const {
  return std::ranges::find(features, feature) != features.end();
}

const std::vector<Language>& all_languages() {
  static const std::vector<Language> languages = [] {
    std::vector<Language> all;
    for (const EmbeddedFile& file : audit_files()) {
      if (!file.path.starts_with(kDirectory)) {
        continue;
      }
      if (const auto table = parse_toml(as_text(file.bytes), file.path)) {
        const std::string_view stem = file.path.substr(kDirectory.size());
        all.push_back(language_from(**table, std::string(stem.substr(0, stem.rfind('.')))));
      }
    }
    return all;
  }();
  return languages;
}

const Language* find_language(std::string_view id) {
  const std::vector<Language>& all = all_languages();
  const auto at = std::ranges::find(all, id, &Language::id);
  return at == all.end() ? nullptr : &*at;
}

const Language* language_of_path(std::string_view path) {
  const std::string lower = lowered(path);
  const std::string_view name = std::string_view(lower).substr(lower.rfind('/') + 1);
  for (const auto& [glob, language] : names().paths) {
    if (fits("*/" + glob, "/" + lower)) {
      return language;
    }
  }
  if (const auto at = names().plain.find(name); at != names().plain.end()) {
    return at->second;
  }
  for (const auto& [glob, language] : names().globs) {
    if (fits(glob, name)) {
      return language;
    }
  }
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) {
    return nullptr;
  }
  const auto at = names().extensions.find(name.substr(dot + 1));
  return at == names().extensions.end() ? nullptr : at->second;
}

const Language* language_of_text(std::string_view text) {
  if (!text.starts_with("#!")) {
    return nullptr;
  }
  std::string_view line = text.substr(2, std::min(text.find('\n'), std::size_t{200}) - 2);
  const Language* found = nullptr;
  while (!line.empty() && found == nullptr) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    word = word.substr(word.rfind('/') + 1);
    // "python3.11" is python.
    word = word.substr(0, word.find_first_of("0123456789."));
    const auto at = names().interpreters.find(word);
    found = at == names().interpreters.end() ? nullptr : at->second;
    if (word != "env" && found == nullptr && !word.empty() && word.front() != '-') {
      break;
    }
  }
  return found;
}

}  // namespace medic::audit
