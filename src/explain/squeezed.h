#pragma once

// Text as it is searched: without blanks and line ends, lower case, escapes undone, colours and
// quoting prefixes taken off. Every character remembers where it stood and what stood before it, so
// that a match leads back to the line a person pasted.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace medic::explain {

// What was taken out before a character. Wrap: a line end that cut a long line, perhaps inside a
// word.
enum class Gap : std::uint8_t { None, Blank, Line, Wrap };

struct Squeezed {
  std::string chars;                // lower-case ASCII; bytes of UTF-8 sequences unchanged
  std::string shown;                // the same before lower-casing
  std::vector<std::uint32_t> from;  // offset of each character in the input
  std::vector<Gap> gaps;            // what stood before each character

  // Whether a word may begin at, or end before, `at`.
  [[nodiscard]] bool at_border(std::size_t at) const;
  // Characters [begin, end) with one blank for each gap.
  [[nodiscard]] std::string spaced(std::size_t begin, std::size_t end) const;
};

// At most 4 GiB (callers pass windows of a few dozen KiB).
Squeezed squeezed(std::string_view text);

// A pattern's literal in the same form: lower case, no blanks.
std::string squeezed_literal(std::string_view text);

}  // namespace medic::explain
