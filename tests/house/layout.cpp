#include <fmt/core.h>

#include <array>
#include <cctype>
#include <cstdint>

#include "tests/house/code.h"
#include "tests/house/rules.h"

namespace medic::house {
namespace {

constexpr std::size_t kMaxLines = 600;

constexpr std::array<std::string_view, 6> kSystemMacros = {"_WIN32",   "_WIN64",    "__linux__",
                                                           "__unix__", "__APPLE__", "_MSC_VER"};

// Written in two parts, so that this file does not break its own rule.
constexpr std::array<std::string_view, 4> kReminders = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X",
    "HA"
    "CK"};
constexpr std::array<std::string_view, 3> kMachinePaths = {
    "/ro"
    "ot/",
    "/wo"
    "rk/",
    "/fa"
    "rm"};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool has_word(std::string_view line, std::string_view word) {
  const std::size_t at = line.find(word);
  if (at == std::string_view::npos) {
    return false;
  }
  const std::size_t end = at + word.size();
  return (at == 0 || !is_word(line[at - 1])) && (end >= line.size() || !is_word(line[end]));
}

// Emoji come as four bytes that begin F0 9F (U+1F000 to U+1FFFF).
bool has_emoji(std::string_view line) {
  return contains(line, "\xF0\x9F");
}

bool writes_escape(std::string_view line) {
  // The sequence as source spells it, again in two parts.
  return contains(line,
                  "\\x1"
                  "b[") ||
         contains(line,
                  "\\03"
                  "3[") ||
         contains(line,
                  "\\e"
                  "[");
}

void check_line(const std::string& path, const Line& line, Problems& problems) {
  for (const std::string_view word : kReminders) {
    if (has_word(line.text, word)) {
      problems.push_back(place(path, line.number, fmt::format("'{}' left over", word)));
    }
  }
  for (const std::string_view start : kMachinePaths) {
    if (contains(line.text, start)) {
      problems.push_back(
          place(path, line.number, fmt::format("'{}' is somebody's machine", start)));
    }
  }
  if (has_emoji(line.text)) {
    problems.push_back(place(path, line.number, "emoji"));
  }
  const bool is_terminal_code = path.starts_with("src/base/terminal.");
  if (path.starts_with("src/") && !is_terminal_code && writes_escape(line.text)) {
    problems.push_back(place(path, line.number, "escape sequences belong to base/terminal.h"));
  }
}

bool is_ours(std::string_view path) {
  return path != "LICENSE" && !path.starts_with("tests/fuzz/") && !path.starts_with("tests/cases/");
}

}  // namespace

Problems check_layout(const Tree& tree) {
  Problems problems;
  for (const auto& [path, content] : tree) {
    if (!is_code(path)) {
      continue;
    }
    const std::vector<Line> lines = lines_of(content);
    if (lines.size() > kMaxLines) {
      problems.push_back(place(path, static_cast<int>(kMaxLines),
                               fmt::format("{} lines: split it by idea", lines.size())));
    }
    if (path.ends_with(".h") && !contains(content, "#pragma once")) {
      problems.push_back(place(path, 1, "a header without #pragma once"));
    }
    const Code code = split_code(content);
    for (const Line& line : lines_of(code.bare)) {
      if (!line.text.starts_with("#if") && !line.text.starts_with("#elif")) {
        continue;
      }
      for (const std::string_view macro : kSystemMacros) {
        if (has_word(line.text, macro)) {
          problems.push_back(place(path, line.number,
                                   fmt::format("{}: a file in posix/ or windows/ instead", macro)));
        }
      }
    }
  }
  return problems;
}

Problems check_leftovers(const Tree& tree) {
  Problems problems;
  for (const auto& [path, content] : tree) {
    if (!is_ours(path)) {
      continue;
    }
    for (const Line& line : lines_of(content)) {
      check_line(path, line, problems);
    }
  }
  return problems;
}

}  // namespace medic::house
