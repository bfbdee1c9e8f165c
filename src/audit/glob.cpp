#include "audit/glob.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace medic::audit {
namespace {

// Behind the ']' of the class that begins at `at`, or 0 when there is none.
std::size_t class_end(std::string_view pattern, std::size_t at) {
  std::size_t end = at + 1;
  if (end < pattern.size() && (pattern[end] == '!' || pattern[end] == '^')) {
    ++end;
  }
  if (end < pattern.size() && pattern[end] == ']') {
    ++end;
  }
  end = pattern.find(']', end);
  return end == std::string_view::npos ? 0 : end + 1;
}

// `body` is what stands between the brackets.
bool in_class(std::string_view body, char c) {
  const bool negated = body.starts_with('!') || body.starts_with('^');
  if (negated) {
    body.remove_prefix(1);
  }
  bool found = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (i + 2 < body.size() && body[i + 1] == '-') {
      found = found || (body[i] <= c && c <= body[i + 2]);
      i += 2;
    } else {
      found = found || body[i] == c;
    }
  }
  return found != negated;
}

// One character of the pattern against one of the text; `length`: of the pattern's piece.
bool fits_one(std::string_view pattern, std::size_t at, char c, std::size_t& length) {
  length = 1;
  if (c == '/') {
    return pattern[at] == '/';
  }
  if (pattern[at] == '?') {
    return true;
  }
  if (pattern[at] == '[') {
    if (const std::size_t end = class_end(pattern, at); end != 0) {
      length = end - at;
      return in_class(pattern.substr(at + 1, length - 2), c);
    }
  }
  if (pattern[at] == '\\' && at + 1 < pattern.size()) {
    length = 2;
    return pattern[at + 1] == c;
  }
  return pattern[at] == c;
}

// Backtracking to the last star of each kind is enough: an earlier one could only take less.
class PathFit {
 public:
  PathFit(std::string_view pattern, std::string_view path) : pattern_(pattern), path_(path) {}

  bool fits() {
    while (at_ < path_.size()) {
      if (star() || literal()) {
        continue;
      }
      if (!back()) {
        return false;
      }
    }
    while (p_ < pattern_.size() && (pattern_[p_] == '*' || (pattern_.substr(p_) == "/**"))) {
      ++p_;
    }
    return p_ >= pattern_.size();
  }

 private:
  bool star() {
    if (p_ >= pattern_.size() || pattern_[p_] != '*') {
      return false;
    }
    if (pattern_.substr(p_).starts_with("**")) {
      p_ += 2;
      if (p_ < pattern_.size() && pattern_[p_] == '/') {
        ++p_;  // "**/" also stands for no directory at all
      }
      deep_ = {.pattern = p_, .path = at_, .there = true};
      flat_ = {};
    } else {
      ++p_;
      flat_ = {.pattern = p_, .path = at_, .there = true};
    }
    return true;
  }

  bool literal() {
    std::size_t length = 0;
    if (p_ >= pattern_.size() || !fits_one(pattern_, p_, path_[at_], length)) {
      return false;
    }
    p_ += length;
    ++at_;
    return true;
  }

  bool back() {
    if (flat_.there && path_[flat_.path] != '/') {
      at_ = ++flat_.path;
      p_ = flat_.pattern;
      return true;
    }
    if (deep_.there) {
      at_ = ++deep_.path;
      p_ = deep_.pattern;
      flat_ = {};
      return true;
    }
    return false;
  }

  struct Star {
    std::size_t pattern = 0;
    std::size_t path = 0;
    bool there = false;
  };

  std::string_view pattern_;
  std::string_view path_;
  std::size_t p_ = 0;
  std::size_t at_ = 0;
  Star flat_;
  Star deep_;
};

}  // namespace

bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

bool fits_any(std::span<const std::string> patterns, std::string_view text) {
  return std::ranges::any_of(patterns,
                             [text](const std::string& pattern) { return fits(pattern, text); });
}

std::vector<std::string> expanded(std::string_view pattern) {
  const std::size_t open = pattern.find('{');
  const std::size_t close = pattern.find('}', open);
  if (open == std::string_view::npos || close == std::string_view::npos) {
    return {std::string(pattern)};
  }
  std::vector<std::string> all;
  std::string_view inside = pattern.substr(open + 1, close - open - 1);
  while (true) {
    const std::size_t comma = std::min(inside.find(','), inside.size());
    std::string one(pattern.substr(0, open));
    one += inside.substr(0, comma);
    one += pattern.substr(close + 1);
    for (std::string& each : expanded(one)) {
      all.push_back(std::move(each));
    }
    if (comma == inside.size()) {
      return all;
    }
    inside.remove_prefix(comma + 1);
  }
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return lower;
}

bool fits_path(std::string_view pattern, std::string_view path) {
  return PathFit(pattern, path).fits();
}

}  // namespace medic::audit
