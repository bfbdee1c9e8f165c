#include "audit/ignore.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"

namespace medic::audit {
namespace {

constexpr std::size_t kMaxPatterns = 5000;

}  // namespace

std::vector<IgnorePattern> parse_ignore(std::string_view text) {
  std::vector<IgnorePattern> patterns;
  while (!text.empty() && patterns.size() < kMaxPatterns) {
    const std::size_t newline = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(std::min(newline + 1, text.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) {
      line.remove_suffix(1);
    }
    if (line.empty() || line.front() == '#') {
      continue;
    }
    IgnorePattern pattern;
    if (line.front() == '!') {
      pattern.negated = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      pattern.directories_only = true;
      line.remove_suffix(1);
    }
    pattern.anchored = line.find('/') != std::string_view::npos;
    if (line.starts_with('/')) {
      line.remove_prefix(1);
    }
    if (!line.empty()) {
      pattern.glob = line;
      patterns.push_back(std::move(pattern));
    }
  }
  return patterns;
}

IgnoreAnswer ignore_answer(const std::vector<IgnorePattern>& patterns, std::string_view path,
                           bool directory) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (std::size_t i = patterns.size(); i > 0; --i) {
    const IgnorePattern& pattern = patterns[i - 1];
    if (pattern.directories_only && !directory) {
      continue;
    }
    if (fits_path(pattern.glob, pattern.anchored ? path : name)) {
      return pattern.negated ? IgnoreAnswer::Keep : IgnoreAnswer::Ignore;
    }
  }
  return IgnoreAnswer::None;
}

}  // namespace medic::audit
