#include "explain/line_prefix.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace medic::explain {
namespace {

constexpr int kMostPrefixes = 5;
constexpr std::size_t kLongestName = 60;  // of a container or pod before '|'

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool fits(char shape, char c) {
  switch (shape) {
    case 'd':
    case 'D':
      return is_digit(c);
    case 'a':
      return is_letter(c);
    case '_':
      return c == ' ' || c == '\t';
    default:
      return c == shape;
  }
}

// How many characters at the beginning of `line` one shape takes.
std::size_t taken(char shape, std::string_view line) {
  const std::size_t most =
      shape == 'D' || shape == '_' ? line.size() : std::min<std::size_t>(1, line.size());
  std::size_t n = 0;
  while (n < most && fits(shape, line[n])) {
    ++n;
  }
  return n;
}

// Shapes: 'd' one digit, 'D' one or more, 'a' one letter, '_' one or more blanks, '?' the next one
// may be absent; any other character is itself. Returns the bytes matched, 0 for none.
std::size_t shape_length(std::string_view line, std::string_view shape) {
  std::size_t at = 0;
  bool optional = false;
  for (const char s : shape) {
    if (s == '?') {
      optional = true;
      continue;
    }
    const std::size_t n = taken(s, line.substr(at));
    if (n == 0 && !optional) {
      return 0;
    }
    at += n;
    optional = false;
  }
  return at;
}

// Sorted so that the longer of two that begin alike stands first.
constexpr std::array<std::string_view, 10> kShapes = {
    "?[dddd-dd-ddTdd:dd:dd?.?D?Z?+?-?d?d?:?d?d?]?_",
    "?[dddd-dd-dd_dd:dd:dd?.?,?D?Z?]?_?+?D?_",
    "?[dddd/dd/dd_dd:dd:dd?.?D?]?_",
    "?[dd/dd/dddd_dd:dd:dd?]?_",
    "?[dd/aaa/dddd:dd:dd:dd?.?D?_?+?-?D?]?_",
    "aaa_aaa_?D_dd:dd:dd_dddd_",
    "aaa_D_dd:dd:dd_",
    "[dd:dd:dd?.?,?D]?_",
    "dd:dd:dd?.?,?D_",
    "#D_D.D_",
};

std::size_t time_length(std::string_view line) {
  for (const std::string_view shape : kShapes) {
    if (const std::size_t length = shape_length(line, shape); length != 0) {
      return length;
    }
  }
  return 0;
}

// "web_1  | ": docker compose.
std::size_t container_length(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size() && at < kLongestName &&
         (is_letter(line[at]) || is_digit(line[at]) || line[at] == '_' || line[at] == '-' ||
          line[at] == '.' || line[at] == '/')) {
    ++at;
  }
  const std::size_t name = at;
  while (at < line.size() && at < kLongestName && line[at] == ' ') {
    ++at;
  }
  return name != 0 && at != name && at < line.size() && line[at] == '|' ? at + 1 : 0;
}

// One mark of a quotation, a list, a comment or a diff; '>' and '|' may be repeated.
std::size_t mark_length(std::string_view line) {
  if (line.empty() || std::string_view(">|+-#*").find(line.front()) == std::string_view::npos) {
    return 0;
  }
  const std::size_t end = line.find_first_not_of(">| \t");
  return line.front() == '>' || line.front() == '|'
             ? (end == std::string_view::npos ? line.size() : end)
             : 1;
}

}  // namespace

std::size_t prefix_length(std::string_view line) {
  std::size_t total = 0;
  bool marked = false;
  for (int i = 0; i < kMostPrefixes; ++i) {
    const std::size_t blanks = line.substr(total).find_first_not_of(" \t");
    if (blanks == std::string_view::npos) {
      return total;
    }
    total += blanks;
    const std::string_view rest = line.substr(total);
    std::size_t length = time_length(rest);
    length = length == 0 ? container_length(rest) : length;
    if (length == 0 && !marked) {
      length = mark_length(rest);
      marked = true;
    }
    if (length == 0) {
      return total;
    }
    total += length;
  }
  return total;
}

}  // namespace medic::explain
