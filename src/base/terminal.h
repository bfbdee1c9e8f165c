#pragma once

// Text on a terminal: how wide it is, where it breaks, how it is painted. The only place that knows
// escape sequences.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace medic {

// Columns that UTF-8 text takes: Hangul and other East Asian wide characters take two, combining
// marks none (Unicode UAX 11, classes W and F; UAX 44, Mn). Text must not hold control characters.
std::size_t display_width(std::string_view text);

// `text` and blanks up to `width` columns; longer text comes back unchanged.
std::string padded(std::string_view text, std::size_t width);

// Lines of at most `width` columns, broken at blanks; newlines are kept. A longer word (a URL, a
// path) stays whole, so that it can be copied.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// The same as one text: the first line starts where the caller is, the others after `indent`
// blanks.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

enum class Paint { Bold, Dim, Red, Green, Yellow, Blue };
enum class Color { Off, On };
// `text` between escape sequences when `color` is On, else unchanged.
std::string painted(std::string_view text, Paint paint, Color color);

// Moves to the first column and clears the line: for a progress line.
inline constexpr std::string_view kClearLine = "\r\x1b[K";

// Columns of the terminal behind `descriptor`, or `fallback` when it is none.
int terminal_width(int descriptor, int fallback);

}  // namespace medic
