#include "text/messages.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "base/toml.h"
#include "tests/house/code.h"
#include "tests/house/rules.h"

namespace medic::house {
namespace {

constexpr std::string_view kMessages = "data/messages/";

struct Sentence {
  std::string text;
  int line = 0;
};
using Section = std::map<std::string, Sentence, std::less<>>;
// "data/messages/en/cli.toml" -> its sentences.
using Sections = std::map<std::string, Section, std::less<>>;

Sections all_sections(const Tree& tree, Problems& problems) {
  Sections sections;
  for (const std::string& path : paths_in(tree, kMessages, ".toml")) {
    const auto table = parse_toml(tree.at(path), path);
    if (!table) {
      problems.push_back(table.error().what);
      continue;
    }
    Section& section = sections[path];
    for (const auto& [key, value] : (*table)->entries) {
      if (value.kind != TomlValue::Kind::String || value.string.empty()) {
        problems.push_back(place(path, value.line, fmt::format("{}: not a sentence", key)));
      }
      section.emplace(key, Sentence{.text = value.string, .line = value.line});
    }
  }
  return sections;
}

std::string twin_of(const std::string& path) {
  const std::string_view rest = std::string_view(path).substr(kMessages.size());
  return fmt::format("{}{}{}", kMessages, rest.starts_with("en/") ? "ko/" : "en/", rest.substr(3));
}

void compare(const std::string& path, const Section& mine, const Sections& sections,
             Problems& problems) {
  const auto twin = sections.find(twin_of(path));
  if (twin == sections.end()) {
    problems.push_back(place(path, 1, fmt::format("there is no {}", twin_of(path))));
    return;
  }
  for (const auto& [key, sentence] : mine) {
    const auto other = twin->second.find(key);
    if (other == twin->second.end()) {
      problems.push_back(
          place(path, sentence.line, fmt::format("{}: missing in {}", key, twin->first)));
    } else if (text::placeholders(sentence.text) != text::placeholders(other->second.text)) {
      problems.push_back(place(path, sentence.line,
                               fmt::format("{}: other placeholders than {}", key, twin->first)));
    }
  }
}

bool is_key_character(char c) {
  return (std::islower(static_cast<unsigned char>(c)) != 0) ||
         std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

bool is_key(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_key_character);
}

// Whether `pattern`, as fmt reads it ("party_{}"), can become `word`.
bool becomes(std::string_view pattern, std::string_view word) {
  const std::size_t hole = pattern.find('{');
  if (hole == std::string_view::npos) {
    return pattern == word;
  }
  const std::size_t end = pattern.find('}', hole);
  if (end == std::string_view::npos || !word.starts_with(pattern.substr(0, hole))) {
    return false;
  }
  word.remove_prefix(hole);
  pattern.remove_prefix(end + 1);
  for (std::size_t taken = 1; taken <= word.size(); ++taken) {
    if (becomes(pattern, word.substr(taken))) {
      return true;
    }
  }
  return false;
}

struct Mentions {
  std::set<std::string, std::less<>> words;     // literals without a hole
  std::set<std::string, std::less<>> patterns;  // literals with one: "experiment.{}"

  [[nodiscard]] bool word(std::string_view text) const { return words.find(text) != words.end(); }
  [[nodiscard]] bool matching(std::string_view text) const {
    return std::any_of(patterns.begin(), patterns.end(), [text](const std::string& pattern) {
      // "{}" alone becomes anything and so says nothing.
      return pattern.find('{') > 0 && becomes(pattern, text);
    });
  }
  // `section.key` is used when it is named whole, or when a pattern makes such keys ("lab.{}") and
  // the part that fills it is named too.
  [[nodiscard]] bool uses(const std::string& section, const std::string& key) const {
    const std::string whole = fmt::format("{}.{}", section, key);
    return word(whole) || (matching(whole) && (word(key) || matching(key) || tail_of(whole)));
  }

 private:
  // "experiment.{}" filled with an id, or "lab.{}_summary" with one.
  [[nodiscard]] bool tail_of(std::string_view whole) const {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      const std::size_t hole = pattern.find("{}");
      if (hole == 0 || hole == std::string::npos || !becomes(pattern, whole)) {
        return false;
      }
      const std::size_t after = pattern.size() - hole - 2;
      return word(whole.substr(hole, whole.size() - hole - after));
    });
  }
};

Mentions mentions_in(const Tree& tree) {
  Mentions mentions;
  for (const auto& [path, content] : tree) {
    if (!path.starts_with("src/") || !is_code(path)) {
      continue;
    }
    for (const Literal& literal : split_code(content).literals) {
      (contains(literal.text, "{") ? mentions.patterns : mentions.words).insert(literal.text);
      if (literal.text.size() > 1 && literal.text.ends_with('.')) {
        mentions.patterns.insert(literal.text + "{}");  // "fault." + id
      }
    }
    // The id of an entry is often the file's stem.
    mentions.words.insert(id_of(stem_of(path)));
  }
  return mentions;
}

bool is_file_or_host(std::string_view ending) {
  constexpr std::array<std::string_view, 5> kEndings = {"toml", "json", "md", "cpp", "test"};
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

// Whether line `number` or the one before it asks for a sentence: "verify.building" elsewhere is a
// key of a profile, not of a message.
bool speaks(const std::vector<Line>& lines, std::size_t number) {
  constexpr std::array<std::string_view, 6> kAsking = {"message(", "_key", "detail",
                                                       "say(",     "why",  "heading("};
  for (std::size_t i = number < 2 ? 0 : number - 2; i < number; ++i) {
    for (const std::string_view word : kAsking) {
      if (contains(lines[i].text, word)) {
        return true;
      }
    }
  }
  return false;
}

// Literals that look like a key of a section but are none.
void check_named_keys(const Tree& tree, const Sections& sections, Problems& problems) {
  for (const auto& [path, content] : tree) {
    if (!path.starts_with("src/") || !is_code(path)) {
      continue;
    }
    const std::vector<Line> lines = lines_of(content);
    for (const Literal& literal : split_code(content).literals) {
      const std::size_t dot = literal.text.find('.');
      if (dot == std::string::npos || dot == 0 || !is_key(literal.text) ||
          !speaks(lines, static_cast<std::size_t>(literal.line))) {
        continue;
      }
      const auto section =
          sections.find(fmt::format("{}en/{}.toml", kMessages, literal.text.substr(0, dot)));
      const std::string key = literal.text.substr(dot + 1);
      if (section != sections.end() && !is_file_or_host(key) && !key.empty() &&
          section->second.find(key) == section->second.end()) {
        problems.push_back(
            place(path, literal.line, fmt::format("no sentence '{}' in {}", key, section->first)));
      }
    }
  }
}

}  // namespace

Problems check_messages(const Tree& tree) {
  Problems problems;
  const Sections sections = all_sections(tree, problems);
  const Mentions mentions = mentions_in(tree);
  for (const auto& [path, section] : sections) {
    compare(path, section, sections, problems);
    if (!path.starts_with("data/messages/en/")) {
      continue;
    }
    const std::string name(stem_of(path));
    for (const auto& [key, sentence] : section) {
      if (!mentions.uses(name, key)) {
        problems.push_back(place(path, sentence.line, fmt::format("{}: no code names it", key)));
      }
    }
  }
  check_named_keys(tree, sections, problems);
  return problems;
}

}  // namespace medic::house
