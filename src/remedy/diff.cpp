#include "remedy/diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace medic::remedy {
namespace {

constexpr std::size_t kAround = 3;
constexpr std::size_t kLineOctets = 200;
constexpr std::size_t kMostShown = 40;  // changed lines of one side: a bundle is told, not printed

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Foreign text made safe, but a tab is a tab: configuration files are full of them.
std::string shown(std::string_view line) {
  std::string text = escaped(line, kLineOctets);
  constexpr std::string_view kTab = "\\x09";
  if (line.find('\t') != std::string_view::npos) {
    for (std::size_t at = 0; (at = text.find(kTab, at)) != std::string::npos;) {
      text.replace(at, kTab.size(), "\t");
    }
  }
  return text;
}

void add(std::string& out, char sign, std::span<const std::string_view> lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == kMostShown && lines.size() > kMostShown + 1) {
      out += fmt::format("{}… ({} lines)\n", sign, lines.size() - i);
      return;
    }
    out += fmt::format("{}{}\n", sign, shown(lines[i]));
  }
}

}  // namespace

// One hunk: edits of ours touch one place of a file.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view label) {
  const std::vector<std::string_view> a = lines_of(before);
  const std::vector<std::string_view> b = lines_of(after);
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) {
    ++head;
  }
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  const std::size_t from = head - std::min(head, kAround);
  const std::size_t after_lines = std::min(tail, kAround);
  const std::span<const std::string_view> old_lines(a);
  const std::span<const std::string_view> new_lines(b);
  std::string out = fmt::format("--- {0}\n+++ {0}\n", escaped(label));
  out += fmt::format("@@ -{},{} +{},{} @@\n", a.empty() ? 0 : from + 1,
                     a.size() - tail + after_lines - from, b.empty() ? 0 : from + 1,
                     b.size() - tail + after_lines - from);
  add(out, ' ', old_lines.subspan(from, head - from));
  add(out, '-', old_lines.subspan(head, a.size() - tail - head));
  add(out, '+', new_lines.subspan(head, b.size() - tail - head));
  add(out, ' ', old_lines.subspan(a.size() - tail, after_lines));
  return out;
}

}  // namespace medic::remedy
