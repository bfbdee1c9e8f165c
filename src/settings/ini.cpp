// Files of sections: Python's configparser, git's, systemd's, and the plain kind.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "settings/document.h"
#include "settings/readers.h"
#include "settings/sink.h"
#include "settings/words.h"

namespace medic::settings {
namespace {

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with(';');
}

// "[name]" with anything behind it; false: no section line.
bool section_name(std::string_view line, std::string_view& name) {
  const std::size_t end = line.find(']');
  if (!line.starts_with('[') || end == std::string_view::npos) {
    return false;
  }
  name = line.substr(1, end - 1);
  return true;
}

std::string_view without_quotes(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
      value.front() == value.back()) {
    value.remove_prefix(1);
    value.remove_suffix(1);
  }
  return value;
}

}  // namespace

Document read_configparser(std::string_view file, std::string_view text) {
  Sink sink(file);
  Lines lines(text);
  std::string section;
  bool in_section = false;
  Entry pending;
  std::size_t indent = 0;
  const auto flush = [&] {
    if (!pending.path.empty()) {
      sink.add(std::exchange(pending, {}));
    }
  };
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    const std::string_view line = trimmed(raw);
    if (line.empty() || is_comment(line)) {
      continue;
    }
    const std::size_t depth = raw.find_first_not_of(" \t");
    if (!pending.path.empty() && depth > indent) {
      pending.value += (pending.value.empty() ? "" : "\n") + std::string(line);
      continue;
    }
    flush();
    std::string_view name;
    if (section_name(line, name)) {
      section = name;
      in_section = true;
      continue;
    }
    const std::size_t split = line.find_first_of("=:");
    if (!in_section || split == 0 || split == std::string_view::npos) {
      sink.report(lines.number(), "syntax", line);
      continue;
    }
    indent = depth;
    pending = Entry{.path = {section, lower(trimmed(line.substr(0, split)))},
                    .value = std::string(trimmed(line.substr(split + 1))),
                    .kind = ValueKind::Plain,
                    .line = lines.number()};
  }
  flush();
  return sink.take();
}

Document read_ini(std::string_view file, std::string_view text) {
  std::string section;
  return by_lines(file, text, "#;", [&](Sink& sink, const Lines& lines, std::string_view line) {
    std::string_view name;
    if (line.starts_with("!include")) {  // my.cnf
      const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
      sink.include({.path = std::string(trimmed(line.substr(blank))),
                    .condition = {},
                    .line = lines.number()});
    } else if (section_name(line, name)) {
      section = name;
    } else {
      const std::size_t split = line.find('=');
      const bool has_value = split != std::string_view::npos;
      const std::string_view value =
          has_value ? trimmed(line.substr(split + 1)) : std::string_view();
      const std::string_view bare = without_quotes(value);
      const ValueKind written = bare.size() != value.size() ? ValueKind::String : ValueKind::Plain;
      sink.add({.path = {section, std::string(trimmed(line.substr(0, split)))},
                .value = std::string(bare),
                .kind = has_value ? written : ValueKind::Null,
                .line = lines.number()});
    }
  });
}

namespace {

// The header of a git section: [section], [section "sub"], and the old [section.sub].
bool git_section(std::string_view line, std::vector<std::string>& path) {
  const std::size_t end = line.rfind(']');
  if (!line.starts_with('[') || end == std::string_view::npos) {
    return false;
  }
  const std::string_view inside = line.substr(1, end - 1);
  const std::size_t quote = inside.find('"');
  if (quote == std::string_view::npos) {
    const std::size_t dot = inside.find('.');
    path = {lower(trimmed(inside.substr(0, dot)))};
    if (dot != std::string_view::npos) {
      path.push_back(lower(inside.substr(dot + 1)));
    }
    return true;
  }
  const std::size_t last = inside.rfind('"');
  if (last == quote) {
    return false;
  }
  std::string sub;
  for (std::size_t i = quote + 1; i < last; ++i) {
    if (inside[i] == '\\' && i + 1 < last) {
      ++i;
    }
    sub += inside[i];
  }
  path = {lower(trimmed(inside.substr(0, quote))), sub};
  return true;
}

// A value with git's quotes, escapes and comments; true: it goes on in the next line.
bool git_value(std::string_view text, std::string& value, bool& quoted) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      if (i + 1 == text.size()) {
        return true;
      }
      ++i;
      value += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '#' || c == ';')) {
      break;
    } else {
      value += c;
    }
  }
  return false;
}

void add_git_entry(Sink& sink, Entry entry) {
  const auto& path = entry.path;
  if (entry.is({"include", "path"})) {
    sink.include({.path = entry.value, .condition = {}, .line = entry.line});
  } else if (path.size() == 3 && path[0] == "includeif" && path[2] == "path") {
    sink.include({.path = entry.value, .condition = path[1], .line = entry.line});
  }
  sink.add(std::move(entry));
}

// The value behind '=', with the lines that continue it.
void take_git_value(Lines& lines, std::string_view part, Entry& entry, Sink& sink) {
  bool quoted = false;
  std::string value;
  entry.kind = part.starts_with('"') ? ValueKind::String : ValueKind::Plain;
  std::string_view raw;
  while (git_value(part, value, quoted) && lines.next(raw)) {
    part = raw;
  }
  entry.value = std::string(trimmed(value));
  if (quoted) {
    sink.report(entry.line, "syntax", part);
  }
}

}  // namespace

Document read_git_config(std::string_view file, std::string_view text) {
  Sink sink(file);
  Lines lines(text);
  std::vector<std::string> section;
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    const std::string_view line = trimmed(raw);
    if (line.empty() || is_comment(line)) {
      continue;
    }
    if (line.starts_with('[')) {
      if (!git_section(line, section)) {
        sink.report(lines.number(), "syntax", line);
      }
      continue;  // "[a] key = v" on one line is legal and never seen
    }
    const std::size_t split = line.find('=');
    const std::string_view key = trimmed(line.substr(0, split));
    if (section.empty() || key.empty() || key.find_first_of(" \t\"") != std::string_view::npos) {
      sink.report(lines.number(), "syntax", line);
      continue;
    }
    Entry entry{.path = section, .value = {}, .kind = ValueKind::Null, .line = lines.number()};
    entry.path.push_back(lower(key));
    if (split != std::string_view::npos) {
      take_git_value(lines, trimmed(line.substr(split + 1)), entry, sink);
    }
    add_git_entry(sink, std::move(entry));
  }
  return sink.take();
}

namespace {

void add_unit_variables(Sink& sink, const std::string& value, int line) {
  for (const std::string& word : quoted_words(value)) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) {
      sink.report(line, "syntax", word);
      continue;
    }
    // '%' is the start of a specifier that only systemd can fill in.
    const bool unknown = word.find('%', equals) != std::string::npos;
    sink.add({.path = {"environment", word.substr(0, equals)},
              .value = word.substr(equals + 1),
              .kind = unknown ? ValueKind::Unknown : ValueKind::String,
              .line = line});
  }
}

}  // namespace

Document read_unit(std::string_view file, std::string_view text) {
  std::string section;
  return by_lines(file, text, "#;", [&](Sink& sink, Lines& lines, std::string_view line) {
    std::string_view name;
    if (section_name(line, name)) {
      section = name;
      return;
    }
    const int at = lines.number();
    const std::size_t split = line.find('=');
    if (split == std::string_view::npos) {
      sink.report(at, "syntax", line);
      return;
    }
    const std::string key(trimmed(line.substr(0, split)));
    std::string value(trimmed(line.substr(split + 1)));
    std::string_view more;
    while (value.ends_with('\\') && lines.next(more)) {
      value.back() = ' ';
      value += trimmed(more);
    }
    sink.add({.path = {section, key}, .value = value, .kind = ValueKind::Plain, .line = at});
    if (key == "Environment") {
      add_unit_variables(sink, value, at);
    }
  });
}

}  // namespace medic::settings
