#include "base/terminal.h"

#include <fmt/core.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace medic {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// East Asian Width W and F (Unicode 15, EastAsianWidth.txt), neighbouring blocks joined.
constexpr std::array kWide = {
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},
    Range{0x23E9, 0x23EC},   Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},
    Range{0x2648, 0x2653},   Range{0x26AA, 0x26AB},   Range{0x26BD, 0x26BE},
    Range{0x26C4, 0x26C5},   Range{0x26D4, 0x26D4},   Range{0x2705, 0x2705},
    Range{0x274C, 0x274C},   Range{0x2753, 0x2757},   Range{0x2795, 0x2797},
    Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},
    Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},   Range{0xA960, 0xA97F},
    Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},
    Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
    Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

// Marks that stand on the character before them, and conjoining Hangul vowels and finals (they take
// their room from the leading consonant).
constexpr std::array kZero = {Range{0x0300, 0x036F}, Range{0x1160, 0x11FF}, Range{0x1AB0, 0x1AFF},
                              Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF},
                              Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF}};

template <class Table>
bool in(const Table& table, std::uint32_t point) {
  return std::any_of(table.begin(), table.end(), [point](const Range& range) {
    return point >= range.first && point <= range.last;
  });
}

// Takes one code point off the front of `text`; a stray byte counts as one character.
std::uint32_t next_point(std::string_view& text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (length == 1 || first < 0xC2 || text.size() < length) {
    text.remove_prefix(1);
    return first;
  }
  std::uint32_t point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    point = (point << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  }
  text.remove_prefix(length);
  return point;
}

// Appends the lines of one paragraph (no newline inside) to `lines`.
void wrap_paragraph(std::string_view paragraph, std::size_t width,
                    std::vector<std::string>& lines) {
  const std::size_t start = std::min(paragraph.find_first_not_of(' '), paragraph.size());
  std::string line(paragraph.substr(0, start));
  std::size_t used = start;
  bool empty = true;
  while (!paragraph.empty()) {
    paragraph.remove_prefix(std::min(paragraph.find_first_not_of(' '), paragraph.size()));
    const std::string_view word = paragraph.substr(0, paragraph.find(' '));
    if (word.empty()) {
      break;
    }
    const std::size_t columns = display_width(word);
    if (!empty && used + 1 + columns > width) {
      lines.push_back(line);
      line.assign(start, ' ');
      used = start;
      empty = true;
    }
    if (!empty) {
      line += ' ';
      ++used;
    }
    line += word;
    used += columns;
    empty = false;
    paragraph.remove_prefix(word.size());
  }
  lines.push_back(empty ? std::string() : line);
}

std::string_view escape_code(Paint paint) {
  switch (paint) {
    case Paint::Bold:
      return "1";
    case Paint::Dim:
      return "2";
    case Paint::Red:
      return "31";
    case Paint::Green:
      return "32";
    case Paint::Yellow:
      return "33";
    case Paint::Blue:
      return "34";
  }
  return "0";
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const std::uint32_t point = next_point(text);
    if (point < 0x300) {
      ++columns;
    } else if (!in(kZero, point)) {
      columns += in(kWide, point) ? 2U : 1U;
    }
  }
  return columns;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  std::string out(text);
  out.append(width - std::min(width, used), ' ');
  return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (;;) {
    const std::size_t newline = text.find('\n');
    wrap_paragraph(text.substr(0, newline), width, lines);
    if (newline == std::string_view::npos) {
      return lines;
    }
    text.remove_prefix(newline + 1);
  }
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  for (const std::string& line : wrapped(text, width > indent ? width - indent : 1)) {
    if (!out.empty()) {
      out += '\n';
      out.append(line.empty() ? 0 : indent, ' ');
    }
    out += line;
  }
  return out;
}

std::string painted(std::string_view text, Paint paint, Color color) {
  return color == Color::On ? fmt::format("\x1b[{}m{}\x1b[0m", escape_code(paint), text)
                            : std::string(text);
}

int terminal_width(int descriptor, int fallback) {
  winsize size = {};
  // A serial console and some CI terminals answer 0 columns.
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20 ? size.ws_col : fallback;
}

}  // namespace medic
