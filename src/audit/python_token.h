#pragma once

// Python's tokens (Python reference, chapter 2), far enough for every version from 2.7 on: prefixes
// of strings are not checked, numbers are not read, unknown characters become operators. Text that
// is no Python gives some tokens too.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace medic::audit {

enum class PythonTokenKind : std::uint8_t {
  Name,
  Number,
  String,
  Operator,
  Newline,  // of a logical line
  Indent,
  Dedent,
  End,
};

struct PythonToken {
  PythonTokenKind kind = PythonTokenKind::End;
  std::uint32_t begin = 0;  // offsets of bytes
  std::uint32_t end = 0;
};

// At most 4 GiB of text; the last token is End.
std::vector<PythonToken> python_tokens(std::string_view source);

// The offset behind the string literal that starts at `at` (its quote, behind any prefix).
// `formatted`: the braces of an f-string may hold strings of the same quote (PEP 701).
std::size_t python_string_end(std::string_view source, std::size_t at, bool formatted);

}  // namespace medic::audit
