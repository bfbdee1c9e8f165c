#include "settings/edit.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

constexpr std::size_t kMostLines = 64;  // of one value that is continued

// A file as lines that keep their ends.
struct Text {
  std::vector<std::string> lines;
  std::string end = "\n";

  explicit Text(std::string_view text) {
    while (!text.empty()) {
      const std::size_t newline = text.find('\n');
      const std::size_t size = newline == std::string_view::npos ? text.size() : newline + 1;
      lines.emplace_back(text.substr(0, size));
      text.remove_prefix(size);
    }
    if (!lines.empty() && lines.front().ends_with("\r\n")) {
      end = "\r\n";
    }
  }
  [[nodiscard]] std::string joined() const {
    std::string text;
    for (const std::string& line : lines) {
      text += line;
    }
    return text;
  }
  void finish_last_line() {
    if (!lines.empty() && !lines.back().ends_with('\n')) {
      lines.back() += end;
    }
  }
};

using Path = std::vector<std::string>;

Path path_of(const Editor& editor, const Key& key) {
  Path path;
  if (editor.sections) {
    path.push_back(editor.folded(key.section));
  }
  path.push_back(editor.folded(key.name));
  return path;
}

// What a document says, without where it says it.
using Sayings = std::vector<std::pair<Path, std::string>>;

Sayings sayings(const Document& document) {
  Sayings all;
  for (const Entry& entry : document.entries) {
    all.emplace_back(entry.path, entry.value);
  }
  return all;
}

Sayings without(const Sayings& all, const Path& path) {
  Sayings rest;
  std::ranges::copy_if(all, std::back_inserter(rest),
                       [&](const auto& one) { return one.first != path; });
  return rest;
}

std::optional<std::string> last_value(const Document& document, const Path& path) {
  std::optional<std::string> value;
  for (const Entry& entry : document.entries) {
    if (entry.path == path) {
      value = entry.value;
    }
  }
  return value;
}

const Entry* last_entry(const Document& document, const Path& path) {
  const Entry* last = nullptr;
  for (const Entry& entry : document.entries) {
    if (entry.path == path) {
      last = &entry;
    }
  }
  return last;
}

bool readable(const Document& document) {
  return document.problems.empty();
}

// Whether `after` differs from `before` in this key alone.
bool only_changes(const Editor& editor, const Document& before, const std::string& after,
                  const Path& path, const std::optional<std::string>& value) {
  const Document read = editor.read(before.file, after);
  return readable(read) && without(sayings(read), path) == without(sayings(before), path) &&
         last_value(read, path) == value;
}

// The same with all of the key's earlier mentions as they were.
bool changes_one(const Editor& editor, const Document& before, const std::string& after,
                 const Path& path, const std::string& value) {
  return only_changes(editor, before, after, path, value) &&
         editor.read(before.file, after).entries.size() == before.entries.size();
}

std::unexpected<Error> cannot_edit(const Editor& editor, const Key& key) {
  return fail(ErrorKind::Data,
              fmt::format("{} cannot be changed in this file of kind {}", key.name, editor.id),
              "it is written in a way that this program would not leave as it is otherwise",
              "change it by hand");
}

std::string_view indentation(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

// The old value replaced inside its line, so that what stands behind it stays.
std::optional<std::string> in_place(Text text, const Entry& entry, const std::string& name,
                                    const std::string& value) {
  std::string& line = text.lines[static_cast<std::size_t>(entry.line) - 1];
  const std::size_t from = lower(line).find(lower(name));
  const std::size_t at = entry.value.empty() || from == std::string::npos
                             ? std::string::npos
                             : line.find(entry.value, from + name.size());
  if (at == std::string::npos) {
    return std::nullopt;
  }
  // Only characters that mean the same in every kind of quotes and without them.
  constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  if (value.find_first_not_of(kSafe) != std::string::npos) {
    return std::nullopt;
  }
  line.replace(at, entry.value.size(), value);
  return text.joined();
}

// `count` lines from the entry's replaced by `replacement` (empty: taken away).
std::string replaced_lines(Text text, const Entry& entry, std::size_t count,
                           const std::string& replacement) {
  const std::size_t first = static_cast<std::size_t>(entry.line) - 1;
  const auto begin = text.lines.begin() + static_cast<std::ptrdiff_t>(first);
  const bool had_end = text.lines[first].ends_with('\n');
  text.lines.erase(begin,
                   begin + static_cast<std::ptrdiff_t>(std::min(count, text.lines.size() - first)));
  if (!replacement.empty()) {
    text.lines.insert(text.lines.begin() + static_cast<std::ptrdiff_t>(first),
                      replacement + (had_end ? text.end : ""));
  }
  return text.joined();
}

// The line without its end and the blanks before it.
std::size_t written_octets(std::string_view line) {
  return line.find_last_not_of(" \t\r\n") + 1;
}

// Behind the entry that is the last one now no comma may stand: the nearest line above that says
// something loses its own.
std::string without_comma_above(const std::string& text, int line) {
  Text lines(text);
  for (std::size_t above = std::min(static_cast<std::size_t>(line) - 1, lines.lines.size());
       above > 0; --above) {
    std::string& one = lines.lines[above - 1];
    const std::size_t octets = written_octets(one);
    if (octets > 0) {
      if (one[octets - 1] == ',') {
        one.erase(octets - 1, 1);
      }
      break;
    }
  }
  return lines.joined();
}

// `text` without the lines of this entry; none: they hold something else too.
std::optional<std::string> without_entry(const Editor& editor, const Document& now,
                                         const Text& lines, const Entry& entry, const Path& path) {
  const auto good = [&](const std::string& after) {
    const Document read = editor.read("", after);
    return readable(read) && read.entries.size() + 1 == now.entries.size() &&
           without(sayings(read), path) == without(sayings(now), path);
  };
  for (std::size_t count = 1; count <= kMostLines; ++count) {
    std::string after = replaced_lines(lines, entry, count, {});
    if (good(after)) {
      return after;
    }
    if (editor.commas) {
      after = without_comma_above(after, entry.line);
      if (good(after)) {
        return after;
      }
    }
  }
  return std::nullopt;
}

bool is_header_of(const Editor& editor, std::string_view line, const std::string& section) {
  std::string_view rest = trimmed(line);
  while (rest.ends_with('\r') || rest.ends_with('\n')) {
    rest.remove_suffix(1);
  }
  rest = trimmed(rest);
  return rest.starts_with('[') && rest.ends_with(']') &&
         editor.folded(trimmed(rest.substr(1, rest.size() - 2))) == editor.folded(section);
}

std::string added(Text text, const Editor& editor, const Key& key, const std::string& value) {
  const std::string line = editor.line(key.name, value);
  if (editor.sections) {
    for (std::size_t i = text.lines.size(); i-- > 0;) {
      if (is_header_of(editor, text.lines[i], key.section)) {
        if (!text.lines[i].ends_with('\n')) {
          text.lines[i] += text.end;
        }
        text.lines.insert(text.lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, line + text.end);
        return text.joined();
      }
    }
  }
  if (editor.commas && !text.lines.empty()) {
    text.finish_last_line();
    text.lines.insert(text.lines.begin() + 1, "  " + line + "," + text.end);
    return text.joined();
  }
  text.finish_last_line();
  if (editor.sections) {
    text.lines.push_back(fmt::format("[{}]{}", key.section, text.end));
  }
  text.lines.push_back(line + text.end);
  return text.joined();
}

}  // namespace

std::string as_written(std::string_view name) {
  return std::string(name);
}

std::string in_double_quotes(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      quoted.push_back('\\');
    }
    quoted.push_back(c);
  }
  return quoted + '"';
}

const Editor* find_editor(std::string_view id) {
  const auto editors = editor_registry();
  const auto found = std::ranges::find(editors, id, &Editor::id);
  return found == editors.end() ? nullptr : *found;
}

Result<std::string> with_key(const Editor& editor, const std::string& text, const Key& key,
                             const std::string& value) {
  const Document before = editor.read("", text);
  const Path path = path_of(editor, key);
  if (!readable(before) || value.find_first_of("\r\n") != std::string::npos) {
    return cannot_edit(editor, key);
  }
  const Entry* const entry = last_entry(before, path);
  if (entry == nullptr) {
    std::string after = added(Text(text), editor, key, value);
    return only_changes(editor, before, after, path, value) ? Result<std::string>(std::move(after))
                                                            : cannot_edit(editor, key);
  }
  if (entry->value == value) {
    return text;
  }
  const Text lines(text);
  if (entry->line < 1 || static_cast<std::size_t>(entry->line) > lines.lines.size()) {
    return cannot_edit(editor, key);
  }
  if (auto after = in_place(lines, *entry, key.name, value);
      after && changes_one(editor, before, *after, path, value)) {
    return *std::move(after);
  }
  const std::string& old_line = lines.lines[static_cast<std::size_t>(entry->line) - 1];
  const std::size_t octets = written_octets(old_line);
  const bool comma = editor.commas && octets > 0 && old_line[octets - 1] == ',';
  const std::string line =
      std::string(indentation(old_line)) + editor.line(key.name, value) + (comma ? "," : "");
  for (std::size_t count = 1; count <= kMostLines; ++count) {
    std::string after = replaced_lines(lines, *entry, count, line);
    if (changes_one(editor, before, after, path, value)) {
      return after;
    }
  }
  return cannot_edit(editor, key);
}

Result<std::string> without_key(const Editor& editor, const std::string& text, const Key& key) {
  const Path path = path_of(editor, key);
  const Document original = editor.read("", text);
  if (!readable(original)) {
    return cannot_edit(editor, key);
  }
  std::string rest = text;
  for (std::size_t round = 0; round <= original.entries.size(); ++round) {
    const Document now = editor.read("", rest);
    const Entry* const entry = last_entry(now, path);
    if (entry == nullptr) {
      return rest;
    }
    const Text lines(rest);
    if (entry->line < 1 || static_cast<std::size_t>(entry->line) > lines.lines.size()) {
      return cannot_edit(editor, key);
    }
    auto shorter = without_entry(editor, now, lines, *entry, path);
    if (!shorter) {
      return cannot_edit(editor, key);
    }
    rest = *std::move(shorter);
  }
  return cannot_edit(editor, key);
}

}  // namespace medic::settings
