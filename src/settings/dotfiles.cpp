// Files of one setting a line, each with its own idea of how: npm, Yarn 1, curl, wget.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "settings/document.h"
#include "settings/readers.h"
#include "settings/sink.h"
#include "settings/words.h"

namespace medic::settings {
namespace {

// A value in "…" with backslash escapes, or the bare text.
std::string unquoted(std::string_view text, ValueKind& kind) {
  if (!text.starts_with('"') && !text.starts_with('\'')) {
    kind = ValueKind::Plain;
    return std::string(text);
  }
  kind = ValueKind::String;
  const char quote = text.front();
  std::string out;
  for (std::size_t i = 1; i < text.size() && text[i] != quote; ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    constexpr std::string_view kNames = "ntrv";
    constexpr std::string_view kValues = "\n\t\r\v";
    const std::size_t named = kNames.find(text[i]);
    out += named == std::string_view::npos ? text[i] : kValues[named];
  }
  return out;
}

void take_npmrc(Sink& sink, const Lines& lines, std::string_view line) {
  if (line.starts_with('[')) {  // npm reads no section
    sink.report(lines.number(), "unsupported", line);
    return;
  }
  const std::size_t split = line.find('=');
  Entry entry{.path = {std::string(trimmed(line.substr(0, split)))},
              .value = "true",  // a key alone is true
              .kind = ValueKind::Null,
              .line = lines.number()};
  if (split != std::string_view::npos) {
    entry.value = unquoted(trimmed(line.substr(split + 1)), entry.kind);
    if (entry.value.find("${") != std::string::npos) {
      entry.kind = ValueKind::Expandable;
    }
  }
  sink.add(std::move(entry));
}

void take_yarnrc(Sink& sink, const Lines& lines, std::string_view line) {
  ValueKind kind = ValueKind::Plain;
  const bool quoted_key = line.starts_with('"');
  const std::size_t key_end =
      quoted_key ? line.find('"', 1) : std::min(line.find_first_of(" \t"), line.size());
  if (key_end == std::string_view::npos || (!quoted_key && key_end == line.size())) {
    sink.report(lines.number(), "syntax", line);
    return;
  }
  const std::string_view key = quoted_key ? line.substr(1, key_end - 1) : line.substr(0, key_end);
  const std::string_view rest = trimmed(line.substr(key_end + (quoted_key ? 1 : 0)));
  const std::string value = unquoted(rest, kind);
  sink.add({.path = {std::string(key)}, .value = value, .kind = kind, .line = lines.number()});
}

void take_curlrc(Sink& sink, const Lines& lines, std::string_view line) {
  const bool dashed = line.starts_with('-');
  // After a dashed option a blank ends the name; '=' and ':' do it for the others as well.
  const std::size_t end = std::min(line.find_first_of(dashed ? " \t" : " \t=:"), line.size());
  std::string_view name = line.substr(0, end);
  if (name.starts_with("--")) {
    name.remove_prefix(2);
  }
  std::string_view rest = trimmed(line.substr(end));
  if (!dashed && !rest.empty() && (rest.front() == '=' || rest.front() == ':')) {
    rest = trimmed(rest.substr(1));
  }
  Entry entry{
      .path = {std::string(name)}, .value = {}, .kind = ValueKind::Null, .line = lines.number()};
  if (!rest.empty()) {
    entry.value = unquoted(rest, entry.kind);
    // Without quotes a value ends at the first blank; what follows is ignored with a warning.
    if (entry.kind == ValueKind::Plain) {
      entry.value.resize(std::min(entry.value.find_first_of(" \t"), entry.value.size()));
    }
  }
  sink.add(std::move(entry));
}

void take_wgetrc(Sink& sink, const Lines& lines, std::string_view line) {
  const std::size_t split = line.find('=');
  if (split == std::string_view::npos || split == 0) {
    sink.report(lines.number(), "syntax", line);
    return;
  }
  std::string key = lower(trimmed(line.substr(0, split)));
  std::erase_if(key, [](char c) { return c == '-' || c == '_'; });
  sink.add({.path = {key},
            .value = std::string(trimmed(line.substr(split + 1))),
            .kind = ValueKind::Plain,
            .line = lines.number()});
}

}  // namespace

Document read_npmrc(std::string_view file, std::string_view text) {
  return by_lines(file, text, "#;", take_npmrc);
}

Document read_yarnrc(std::string_view file, std::string_view text) {
  return by_lines(file, text, "#", take_yarnrc);
}

Document read_curlrc(std::string_view file, std::string_view text) {
  // '*' and '/' too (tool_parsecfg.c).
  return by_lines(file, text, "#/*", take_curlrc);
}

Document read_wgetrc(std::string_view file, std::string_view text) {
  return by_lines(file, text, "#", take_wgetrc);
}

}  // namespace medic::settings
