#include "audit/source.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/finding.h"
#include "audit/glob.h"
#include "audit/rule.h"

namespace medic::audit {
namespace {

constexpr std::size_t kMaxExcerpt = 200;
constexpr std::size_t kMaxReplaced = 2000;  // of the lines that a replacement shows

// A cut inside a character of UTF-8 moves to its start.
std::string_view cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) {
    --limit;
  }
  return text.substr(0, limit);
}

}  // namespace

std::string_view severity_id(Severity severity) {
  switch (severity) {
    case Severity::Low:
      return "low";
    case Severity::Medium:
      return "medium";
    case Severity::High:
      return "high";
  }
  return "high";
}

std::optional<Severity> parse_severity(std::string_view id) {
  for (const Severity severity : {Severity::Low, Severity::Medium, Severity::High}) {
    if (severity_id(severity) == id) {
      return severity;
    }
  }
  return std::nullopt;
}

Source::Source(std::string_view file, std::string_view content) : path(file), text(content) {
  starts_.push_back(0);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    starts_.push_back(at + 1);
  }
}

int Source::line(std::size_t offset) const {
  const auto at = std::ranges::upper_bound(starts_, offset);
  return static_cast<int>(at - starts_.begin());
}

std::size_t Source::line_start(int line) const {
  const auto index = static_cast<std::size_t>(std::clamp(line, 1, lines()) - 1);
  return starts_[index];
}

int Source::column(std::size_t offset) const {
  return static_cast<int>(offset - line_start(line(offset))) + 1;
}

std::string_view Source::line_text(int line) const {
  const std::size_t begin = line_start(line);
  const std::size_t end = line < lines() ? line_start(line + 1) - 1 : text.size();
  std::string_view content = text.substr(begin, end - begin);
  if (content.ends_with('\r')) {
    content.remove_suffix(1);
  }
  return content;
}

Finding Source::finding(const Rule& rule, std::size_t begin, std::size_t end) const {
  Finding found;
  found.rule = rule.id;
  found.severity = rule.severity;
  found.file = path;
  found.begin = std::min(begin, text.size());
  found.end = std::clamp(end, found.begin, text.size());
  found.line = line(found.begin);
  found.column = column(found.begin);
  found.end_line = line(found.end);
  found.end_column = column(found.end);
  found.excerpt = cut(line_text(found.line), kMaxExcerpt);
  found.detail = cut(text.substr(found.begin, found.end - found.begin), kMaxExcerpt);
  found.in_tests = is_test_path(path);
  if (found.in_tests && found.severity != Severity::Low) {
    found.severity = found.severity == Severity::High ? Severity::Medium : Severity::Low;
  }
  return found;
}

void Source::apply(Finding& finding, std::vector<Edit> edits) const {
  if (edits.empty()) {
    return;
  }
  std::ranges::sort(edits, {}, &Edit::begin);
  const std::size_t begin = line_start(line(edits.front().begin));
  const int last = line(std::max(edits.back().end, edits.back().begin + 1) - 1);
  const std::size_t end = last < lines() ? line_start(last + 1) : text.size();
  if (end - begin > kMaxReplaced) {
    return;
  }
  std::string after;
  std::size_t at = begin;
  for (const Edit& edit : edits) {
    if (edit.begin < at || edit.end > end) {
      return;  // edits that overlap: a person must decide
    }
    after += text.substr(at, edit.begin - at);
    after += edit.text;
    at = edit.end;
  }
  after += text.substr(at, end - at);
  finding.before = text.substr(begin, end - begin);
  finding.after = std::move(after);
  finding.edits = std::move(edits);
}

bool is_test_path(std::string_view path) {
  static constexpr std::array<std::string_view, 14> kDirectories = {
      "test",     "tests",   "testing", "spec",      "specs", "__tests__", "testdata",
      "fixtures", "fixture", "e2e",     "unittests", "mocks", "__mocks__", "androidtest"};
  const std::string lower = lowered(path);
  std::string_view rest = lower;
  while (true) {
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) {
      break;
    }
    if (std::ranges::find(kDirectories, rest.substr(0, slash)) != kDirectories.end()) {
      return true;
    }
    rest.remove_prefix(slash + 1);
  }
  const std::string_view stem = rest.substr(0, rest.find('.'));
  const std::string_view original = path.substr(path.rfind('/') + 1);
  const std::string_view name = original.substr(0, original.find('.'));
  return stem.starts_with("test_") || stem.ends_with("_test") || stem.ends_with("_spec") ||
         rest.find(".test.") != std::string_view::npos ||
         rest.find(".spec.") != std::string_view::npos || stem == "conftest" ||
         name.ends_with("Test") || name.ends_with("Tests") || name.ends_with("IT");
}

}  // namespace medic::audit
