// What PowerShell profiles and batch files put into the environment.

#include <algorithm>
#include <cstddef>
#include <optional>
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

bool starts_with_word(std::string_view line, std::string_view word) {
  return lower(line.substr(0, word.size())) == word &&
         (line.size() == word.size() || line[word.size()] == ' ' || line[word.size()] == '\t');
}

// `$env:NAME` of a double-quoted string becomes %NAME%, which says the same; another '$' is
// unknown.
ValueKind expand_powershell(std::string& text) {
  ValueKind kind = ValueKind::String;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`' && i + 1 < text.size()) {
      out += text[++i];
      continue;
    }
    if (text[i] != '$') {
      out += text[i];
      continue;
    }
    const bool braces = text.compare(i, 2, "${") == 0;
    std::size_t at = i + (braces ? 2 : 1);
    if (lower(text.substr(at, 4)) != "env:") {
      return ValueKind::Unknown;
    }
    at += 4;
    std::size_t end = at;
    while (end < text.size() && is_variable_name(std::string_view(text).substr(at, end + 1 - at))) {
      ++end;
    }
    if (end == at) {
      return ValueKind::Unknown;
    }
    out += "%" + text.substr(at, end - at) + "%";
    i = end - (braces && end < text.size() ? 0 : 1);
    kind = ValueKind::Expandable;
  }
  text = out;
  return kind;
}

// The value of an expression: one quoted string, a number, $null; anything else is Unknown.
void take_powershell_value(std::string_view text, Entry& entry) {
  text = trimmed(text.substr(0, text.find(" #")));
  while (text.ends_with(';') || text.ends_with('}')) {
    text = trimmed(text.substr(0, text.size() - 1));
  }
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.find(text.front(), 1) == text.size() - 1;
  if (quoted) {
    entry.value = text.substr(1, text.size() - 2);
    entry.kind = text.front() == '"' ? expand_powershell(entry.value) : ValueKind::String;
  } else if (lower(text) == "$null") {
    entry.kind = ValueKind::Unset;
  } else if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {
    entry.kind = ValueKind::Number;
    entry.value = text;
  } else if (std::string whole(text); text.starts_with('$') &&
                                      expand_powershell(whole) == ValueKind::Expandable &&
                                      whole.find_first_of(" +(") == std::string::npos) {
    entry.kind = ValueKind::Expandable;
    entry.value = whole;
  } else {
    entry.kind = ValueKind::Unknown;
    entry.value = text;
  }
}

// The arguments of `[Environment]::SetEnvironmentVariable('NAME', 'value', 'User')`.
std::vector<std::string> call_arguments(std::string_view text) {
  std::vector<std::string> found(1);
  char quote = '\0';
  for (const char c : text) {
    if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == ')') {
      return found;
    } else if (c == ',') {
      found.emplace_back();
      continue;
    }
    found.back() += c;
  }
  return found;
}

std::string bare(std::string_view text) {
  std::string out(trimmed(text));
  std::erase_if(out, [](char c) { return c == '"' || c == '\''; });
  return out;
}

// One statement that sets or takes away a variable.
std::optional<Entry> powershell_statement(std::string_view line) {
  const std::string folded = lower(line);
  Entry entry;
  constexpr std::string_view kCall = "]::setenvironmentvariable(";
  if (const std::size_t call = folded.find(kCall); call != std::string::npos) {
    const std::vector<std::string> arguments = call_arguments(line.substr(call + kCall.size()));
    if (arguments.size() < 2) {
      return std::nullopt;
    }
    entry.path = {bare(arguments[0])};
    take_powershell_value(arguments[1], entry);
    return entry;
  }
  constexpr std::string_view kVariable = "$env:";
  if (folded.starts_with(kVariable)) {
    const std::size_t split = line.find('=');
    if (split == std::string_view::npos) {
      return std::nullopt;
    }
    entry.path = {std::string(trimmed(line.substr(kVariable.size(), split - kVariable.size())))};
    take_powershell_value(line.substr(split + 1), entry);
    if (entry.path[0].ends_with('+')) {  // "+=": what was there before is not known
      entry.path[0] = std::string(trimmed(entry.path[0].substr(0, entry.path[0].size() - 1)));
      entry.kind = ValueKind::Unknown;
    }
    return entry;
  }
  const std::vector<std::string> words = quoted_words(std::string(line));
  if (folded.starts_with("remove-item") && words.size() > 1 &&
      lower(words.back()).starts_with("env:")) {
    entry.path = {words.back().substr(words.back().find(':') + 1)};
    entry.path[0].erase(0, std::min(entry.path[0].find_first_not_of("\\/"), entry.path[0].size()));
    entry.kind = ValueKind::Unset;
    return entry;
  }
  return std::nullopt;
}

// setx NAME value [/M]; false: not of that form.
bool setx(std::string_view line, Entry& entry) {
  std::string doubled;  // back slashes are no escapes here
  for (const char c : line) {
    doubled += c == '\\' ? "\\\\" : std::string(1, c);
  }
  const std::vector<std::string> words = quoted_words(doubled);
  if (words.size() < 3 || lower(words[0]) != "setx" || words[1].starts_with('/')) {
    return false;
  }
  entry.path = {words[1]};
  entry.value = words[2];
  entry.kind = ValueKind::String;
  return true;
}

ValueKind percent_kind(std::string_view value) {
  const std::size_t first = value.find('%');
  if (first == std::string_view::npos) {
    return ValueKind::Plain;
  }
  const std::size_t second = value.find('%', first + 1);
  // %1 and %~dp0 are arguments; %NAME:a=b% is an expression.
  const std::string_view name = second == std::string_view::npos
                                    ? std::string_view()
                                    : value.substr(first + 1, second - first - 1);
  const bool plain = !name.empty() && name.find_first_of(":~") == std::string_view::npos;
  return plain ? ValueKind::Expandable : ValueKind::Unknown;
}

// The change of depth by brackets outside quotes and comments.
int bracket_depth(std::string_view line, char open, char close) {
  int depth = 0;
  char quote = '\0';
  for (const char c : line) {
    if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      break;
    } else {
      depth += (c == open ? 1 : 0) - (c == close ? 1 : 0);
    }
  }
  return depth;
}

// `set NAME=value` and `set "NAME=value"`; none: another form of set.
std::optional<Entry> batch_set(std::string_view rest) {
  if (rest.starts_with('"')) {
    const std::size_t last = rest.rfind('"');
    rest = rest.substr(1, last == 0 ? rest.size() : last - 1);
  }
  const std::size_t split = rest.find('=');
  if (rest.starts_with('/') || split == std::string_view::npos) {
    return std::nullopt;
  }
  Entry entry{.path = {std::string(rest.substr(0, split))},
              .value = std::string(rest.substr(split + 1))};
  entry.kind = entry.value.empty() ? ValueKind::Unset : percent_kind(entry.value);
  return entry;
}

std::optional<Entry> batch_statement(std::string_view line) {
  if (starts_with_word(line, "set")) {
    return batch_set(trimmed(line.substr(3)));
  }
  Entry entry;
  if (!setx(line, entry)) {
    return std::nullopt;
  }
  const ValueKind kind = percent_kind(entry.value);
  entry.kind = kind == ValueKind::Plain ? ValueKind::String : kind;
  return entry;
}

// What `if …` and `for …` on this line may run; empty: nothing that sets.
std::string_view batch_consequence(std::string_view line) {
  const std::string folded = lower(line);
  const std::size_t at = std::min(folded.find(" set "), folded.find(" setx "));
  return at == std::string::npos ? std::string_view() : line.substr(at + 1);
}

}  // namespace

Document read_powershell(std::string_view file, std::string_view text) {
  Sink sink(file);
  std::string decoded;
  if (!to_utf8(text, decoded)) {
    sink.report(0, "encoding", "half a UTF-16 unit at the end");
  }
  Lines lines(decoded);
  int depth = 0;
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    std::string_view line = trimmed(raw);
    const int before = depth;
    depth = std::max(0, depth + bracket_depth(line, '{', '}'));
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    // `if (…) { $env:X = … }` on one line.
    const std::size_t brace = line.find('{');
    const std::size_t inside = line.find("$env:", std::min(brace, line.size()));
    const bool block = brace != std::string_view::npos && inside != std::string_view::npos;
    if (block) {
      line = line.substr(inside);
    }
    if (line.starts_with(". ")) {
      sink.include({.path = bare(line.substr(2)), .condition = {}, .line = lines.number()});
      continue;
    }
    Entry direct;
    std::optional<Entry> entry =
        setx(line, direct) ? std::optional(std::move(direct)) : powershell_statement(line);
    if (entry && is_variable_name(entry->path[0])) {
      entry->line = lines.number();
      entry->conditional = before > 0 || block;
      sink.add(*std::move(entry));
    }
  }
  return sink.take();
}

Document read_batch(std::string_view file, std::string_view text) {
  Sink sink(file);
  Lines lines(text);
  int depth = 0;
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    std::string_view line = trimmed(raw);
    while (line.starts_with('@')) {
      line = trimmed(line.substr(1));
    }
    if (line.starts_with("::") || starts_with_word(line, "rem")) {
      continue;
    }
    const int before = depth;
    depth = std::max(0, depth + bracket_depth(line, '(', ')'));
    const bool maybe = starts_with_word(line, "if") || starts_with_word(line, "for");
    if (starts_with_word(line, "call") && line.size() > 5) {
      sink.include({.path = bare(line.substr(5)), .condition = {}, .line = lines.number()});
      continue;
    }
    std::optional<Entry> entry = batch_statement(maybe ? batch_consequence(line) : line);
    if (entry && is_variable_name(entry->path[0])) {
      entry->line = lines.number();
      entry->conditional = before > 0 || maybe;
      sink.add(*std::move(entry));
    }
  }
  return sink.take();
}

}  // namespace medic::settings
