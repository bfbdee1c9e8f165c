#include "text/messages.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>

#include "base/toml.h"

namespace medic::text {
namespace {

// Calls `literal` for text and `name` for each {name}; "{{" and "}}" are braces.
template <class Literal, class Placeholder>
void walk(std::string_view pattern, Literal literal, Placeholder placeholder) {
  std::size_t i = 0;
  while (i < pattern.size()) {
    const std::size_t brace = pattern.find_first_of("{}", i);
    if (brace == std::string_view::npos) {
      literal(pattern.substr(i));
      return;
    }
    literal(pattern.substr(i, brace - i));
    if (brace + 1 < pattern.size() && pattern[brace + 1] == pattern[brace]) {
      literal(pattern.substr(brace, 1));
      i = brace + 2;
      continue;
    }
    const std::size_t end = pattern.find('}', brace);
    if (pattern[brace] == '}' || end == std::string_view::npos) {
      literal(pattern.substr(brace, 1));
      i = brace + 1;
      continue;
    }
    placeholder(pattern.substr(brace + 1, end - brace - 1));
    i = end + 1;
  }
}

using Section = std::map<std::string, std::string, std::less<>>;

const EmbeddedFile* find_file(std::string_view path) {
  for (const EmbeddedFile& file : message_files()) {
    if (file.path == path) {
      return &file;
    }
  }
  return nullptr;
}

Section parsed_section(const EmbeddedFile& file) {
  Section sentences;
  const auto table = parse_toml(as_text(file.bytes), file.path);
  if (table) {
    for (const std::string& key : (*table)->keys()) {
      sentences.emplace(key, (*table)->string(key));
    }
  }
  return sentences;
}

// Null when the language has no such section.
const Section* section(Language language, std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<const Section>, std::less<>> sections;
  const std::string path = fmt::format("data/messages/{}/{}.toml", code(language), name);
  const std::lock_guard lock(mutex);
  auto at = sections.find(path);
  if (at == sections.end()) {
    const EmbeddedFile* file = find_file(path);
    at = sections
             .emplace(path, file != nullptr ? std::make_unique<const Section>(parsed_section(*file))
                                            : nullptr)
             .first;
  }
  return at->second.get();
}

}  // namespace

std::string filled(std::string_view pattern, const Facts& facts) {
  std::string out;
  walk(
      pattern, [&](std::string_view text) { out += text; },
      [&](std::string_view name) {
        const auto fact = facts.find(name);
        out += fact != facts.end() ? fact->second : fmt::format("{{{}}}", name);
      });
  return out;
}

std::vector<std::string> placeholders(std::string_view pattern) {
  std::set<std::string> names;
  walk(pattern, [](std::string_view) {}, [&](std::string_view name) { names.emplace(name); });
  return {names.begin(), names.end()};
}

std::string message(Language language, std::string_view key, const Facts& facts) {
  const std::size_t dot = key.find('.');
  if (dot != std::string_view::npos) {
    if (const Section* sentences = section(language, key.substr(0, dot))) {
      const auto at = sentences->find(key.substr(dot + 1));
      if (at != sentences->end()) {
        return filled(at->second, facts);
      }
    }
  }
  return fmt::format("[{}]", key);
}

}  // namespace medic::text
