#include "machine/path_text.h"

#include <algorithm>
#include <cctype>

#include "machine/machine.h"

namespace medic::machine {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string with_slashes(std::string_view path) {
  std::string out(path);
  std::ranges::replace(out, '\\', '/');
  return out;
}

std::string_view drive_of(std::string_view path) {
  return path.size() >= 2 && path[1] == ':' && is_letter(path[0]) ? path.substr(0, 1)
                                                                  : std::string_view();
}

std::vector<std::string> components(std::string_view path) {
  std::vector<std::string> parts = pieces(path, '/');
  std::erase(parts, ".");
  return parts;
}

bool fits(std::string_view pattern, std::string_view name, bool ignoring_case) {
  // The classic two-pointer match: a mismatch goes back to the last star, so it takes at most
  // pattern x name steps.
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (n < name.size()) {
    const bool same =
        p < pattern.size() && pattern[p] != '*' &&
        (pattern[p] == name[n] || (ignoring_case && lower(pattern[p]) == lower(name[n])));
    if (same) {
      ++p;
      ++n;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

std::vector<std::string> pieces(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) {
      parts.emplace_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return {};
  }
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

}  // namespace medic::machine
