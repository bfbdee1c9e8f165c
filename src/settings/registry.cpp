// Windows registry exports (.reg): "Windows Registry Editor Version 5.00" in UTF-16, REGEDIT4 in
// the code page of the machine.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "settings/document.h"
#include "settings/readers.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

// A "…" at the start of `text`, taken off it; none: no closing quote.
std::optional<std::string> quoted(std::string_view& text) {
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      out += text[++i];
    } else if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    } else {
      out += text[i];
    }
  }
  return std::nullopt;
}

// "68,00,65,00" as octets; none: not hexadecimal.
std::optional<std::string> octets(std::string_view list) {
  std::string digits;
  for (const char c : list) {
    if (c != ',' && c != ' ' && c != '\t') {
      digits += c;
    }
  }
  const auto bytes = parse_hex(digits);
  return bytes ? std::optional(std::string(as_text(*bytes))) : std::nullopt;
}

// hex(2) and hex(7): UTF-16 with zeros at the end; the strings of a list end up on lines.
std::string wide_text(const std::string& bytes) {
  std::string text;
  to_utf8("\xFF\xFE" + bytes, text);
  while (text.ends_with('\0')) {
    text.pop_back();
  }
  for (char& c : text) {
    c = c == '\0' ? '\n' : c;
  }
  return text;
}

// What stands behind the '='; false: not understood.
bool value_of(std::string_view text, Entry& entry) {
  if (text == "-") {
    entry.kind = ValueKind::Unset;
    return true;
  }
  if (text.starts_with('"')) {
    const std::optional<std::string> value = quoted(text);
    entry.kind = ValueKind::String;
    entry.value = value.value_or("");
    return value.has_value() && trimmed(text).empty();
  }
  constexpr std::string_view kDword = "dword:";
  if (text.starts_with(kDword)) {
    entry.kind = ValueKind::Number;
    const std::string_view digits = text.substr(kDword.size());
    entry.value = "0x" + std::string(digits);
    return parse_hex(digits).has_value();
  }
  const std::size_t colon = text.find(':');
  if (!text.starts_with("hex") || colon == std::string_view::npos) {
    return false;
  }
  const std::optional<std::string> bytes = octets(text.substr(colon + 1));
  const std::string_view type = text.substr(3, colon - 3);
  if (type == "(1)" || type == "(2)" || type == "(7)") {
    entry.kind = type == "(2)" ? ValueKind::Expandable : ValueKind::String;
    entry.value = wide_text(bytes.value_or(""));
  } else {
    entry.kind = ValueKind::Unknown;  // binary
    entry.value = text;
  }
  return bytes.has_value();
}

// "name"=value or @=value below `key`; none: not of that form.
std::optional<Entry> value_line(std::string_view rest, const std::string& key, int line) {
  std::optional<std::string> name;
  if (rest.starts_with('@')) {
    name = "";
    rest.remove_prefix(1);
  } else if (rest.starts_with('"')) {
    name = quoted(rest);
  }
  rest = trimmed(rest);
  Entry entry{.path = {key, name.value_or("")}, .value = {}, .line = line};
  if (!name || key.empty() || !rest.starts_with('=') || !value_of(trimmed(rest.substr(1)), entry)) {
    return std::nullopt;
  }
  return entry;
}

}  // namespace

Document read_registry(std::string_view file, std::string_view bytes) {
  Sink sink(file);
  std::string text;
  if (!to_utf8(bytes, text)) {
    sink.report(0, "encoding", "half a UTF-16 unit at the end");
  }
  Lines lines(text);
  std::string_view raw;
  if (!lines.next(raw) ||
      (!raw.starts_with("Windows Registry Editor") && !raw.starts_with("REGEDIT4"))) {
    sink.report(1, "syntax", "no heading of a registry export");
    return sink.take();
  }
  std::string key;
  while (!sink.full() && lines.next(raw)) {
    const int at = lines.number();
    std::string line(trimmed(raw));
    while (line.ends_with('\\') && lines.next(raw)) {
      line.pop_back();
      line += trimmed(raw);
    }
    if (line.empty() || line.starts_with(';')) {
      continue;
    }
    if (line.starts_with('[') && line.ends_with(']')) {
      key = line.substr(1, line.size() - 2);
    } else if (std::optional<Entry> entry = value_line(line, key, at)) {
      sink.add(*std::move(entry));
    } else {
      sink.report(at, "syntax", line);
    }
  }
  return sink.take();
}

}  // namespace medic::settings
