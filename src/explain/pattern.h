#pragma once

// One pattern of a signature: words as a client prints them, with places for what varies. Blanks,
// line ends and case mean nothing, in the pattern and in the text, because pasted text is wrapped
// anywhere, also inside words; see squeezed.h for the text.
//
//   unable to get local issuer certificate
//   Hostname mismatch, certificate is not valid for '{host}'
//   SSL alert number {alert}
//
// Places: {host} {port} {path} {code} (a verify or exit code) {alert} {version} {word}: one word of
// the kind; {any}: at most 200 characters of anything. "{{" and "}}" stand for braces.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "explain/squeezed.h"

namespace medic::explain {

// A pattern's longest literal must be this long, or half of every log would be a candidate.
inline constexpr std::size_t kShortestAnchor = 5;

class Pattern {
 public:
  static Result<Pattern> parse(std::string_view text);

  // Its longest literal, squeezed: what the many-pattern search looks for.
  [[nodiscard]] const std::string& anchor() const { return parts_[anchor_part_].literal; }
  // All its literals, as written: what the gates are cut from.
  [[nodiscard]] const std::vector<std::string>& written() const { return written_; }

  struct Found {
    std::size_t begin = 0;  // in the squeezed text
    std::size_t end = 0;
    std::map<std::string, std::string, std::less<>> captures;  // by place, without {any}
  };
  // Whether the pattern stands in `text` with its anchor ending before `anchor_end`. Linear in the
  // length of the pattern: a place ends at the first text that continues the pattern.
  [[nodiscard]] bool found_at(const Squeezed& text, std::size_t anchor_end, Found& found) const;

  // The first `length` characters of a pattern that begins with a longer literal, else empty: what
  // is left to find when a text was cut.
  [[nodiscard]] std::string head(std::size_t length) const;
  // Whether the pattern begins at `head_begin` and the text is cut before the pattern ends: at the
  // end of the text, of a line, or at a closing quote.
  [[nodiscard]] bool cut_at(const Squeezed& text, std::size_t head_begin, Found& found) const;

 private:
  struct Part {
    std::string literal;  // squeezed; empty: a place
    std::string place;
  };
  bool forwards(const Squeezed& text, std::size_t& at, Found& found) const;
  bool backwards(const Squeezed& text, std::size_t& at, Found& found) const;

  std::vector<Part> parts_;
  std::vector<std::string> written_;
  std::size_t anchor_part_ = 0;
};

}  // namespace medic::explain
