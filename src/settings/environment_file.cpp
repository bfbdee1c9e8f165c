// Files of NAME=value that are read without a shell.

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

// NAME=… split; false: not of that form.
bool split_assignment(std::string_view line, std::string_view& name, std::string_view& value) {
  const std::size_t split = line.find('=');
  if (split == std::string_view::npos || !is_variable_name(trimmed(line.substr(0, split)))) {
    return false;
  }
  name = trimmed(line.substr(0, split));
  value = trimmed(line.substr(split + 1));
  return true;
}

}  // namespace

Document read_etc_environment(std::string_view file, std::string_view text) {
  Sink sink(file);
  Lines lines(text);
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    // pam_env takes the line to the first '#', wherever it stands (pam_env.c, _parse_env_file).
    std::string_view line = trimmed(raw.substr(0, raw.find('#')));
    constexpr std::string_view kExport = "export ";
    if (line.starts_with(kExport)) {
      line = trimmed(line.substr(kExport.size()));
    }
    if (line.empty()) {
      continue;
    }
    std::string_view name;
    std::string_view value;
    if (!split_assignment(line, name, value)) {
      sink.report(lines.number(), "syntax", line);
      continue;
    }
    // One quote at the beginning is taken away, and one at the end if it is there.
    ValueKind kind = ValueKind::Plain;
    if (value.starts_with('"') || value.starts_with('\'')) {
      kind = ValueKind::String;
      value.remove_prefix(1);
      if (value.ends_with('"') || value.ends_with('\'')) {
        value.remove_suffix(1);
      }
    }
    sink.add({.path = {std::string(name)},
              .value = std::string(value),
              .kind = kind,
              .line = lines.number()});
  }
  return sink.take();
}

namespace {

// DEFAULT=… or OVERRIDE=… of pam_env.conf(5). An OVERRIDE whose variables are empty falls back to
// DEFAULT.
void take_pam_option(Sink& sink, const std::string& word, bool& overridden, Entry& entry) {
  const std::size_t split = word.find('=');
  const std::string option = word.substr(0, split);
  if (split == std::string::npos || (option != "DEFAULT" && option != "OVERRIDE")) {
    sink.report(entry.line, "syntax", word);
    return;
  }
  if (option == "DEFAULT" && overridden) {
    return;
  }
  overridden = option == "OVERRIDE" && word.size() > split + 1;
  entry.value = word.substr(split + 1);
  // ${NAME} and @{PAM_ITEM} are filled in at login.
  const bool item = entry.value.find("@{") != std::string::npos;
  const bool names = entry.value.find('$') != std::string::npos;
  const ValueKind literal = names ? ValueKind::Expandable : ValueKind::String;
  entry.kind = item ? ValueKind::Unknown : literal;
  entry.conditional = option == "OVERRIDE" && (item || names);
}

void take_value(std::string_view value, Entry& entry) {
  const bool single = value.starts_with('\'');
  if (single || value.starts_with('"')) {
    const std::vector<std::string> words = quoted_words(value);
    entry.kind = ValueKind::String;
    entry.value = words.empty() ? std::string() : words[0];
  } else {
    entry.value = value;
  }
  if (!single && has_expansion(entry.value)) {
    entry.kind = has_only_names(entry.value) ? ValueKind::Expandable : ValueKind::Unknown;
  }
}

}  // namespace

Document read_pam_environment(std::string_view file, std::string_view text) {
  Sink sink(file);
  Lines lines(text);
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    const int at = lines.number();
    std::string line(trimmed(raw));
    while (line.ends_with('\\') && lines.next(raw)) {
      line.back() = ' ';
      line += trimmed(raw);
    }
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    const std::vector<std::string> words = quoted_words(line);
    if (words.empty() || !is_variable_name(words[0])) {
      sink.report(at, "syntax", line);
      continue;
    }
    Entry entry{.path = {words[0]}, .value = {}, .kind = ValueKind::Unset, .line = at};
    bool overridden = false;
    for (std::size_t i = 1; i < words.size(); ++i) {
      take_pam_option(sink, words[i], overridden, entry);
    }
    sink.add(std::move(entry));
  }
  return sink.take();
}

Document read_environment_d(std::string_view file, std::string_view text) {
  Sink sink(file);
  Lines lines(text);
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    std::string_view line = trimmed(raw);
    constexpr std::string_view kExport = "export ";
    if (line.starts_with(kExport)) {  // .env files that shells read too
      line = trimmed(line.substr(kExport.size()));
    }
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) {
      continue;
    }
    std::string_view name;
    std::string_view value;
    if (!split_assignment(line, name, value)) {
      sink.report(lines.number(), "syntax", line);
      continue;
    }
    Entry entry{.path = {std::string(name)}, .value = {}, .line = lines.number()};
    take_value(value, entry);
    sink.add(std::move(entry));
  }
  return sink.take();
}

}  // namespace medic::settings
