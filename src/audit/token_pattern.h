#pragma once

// Patterns over tokens, written in the language they search:
//   InsecureSkipVerify: $on
// A word, number or mark stands for itself, "text" for a string with this content ('*' for any
// part of it). $on and $off are values that mean yes and no, also through a name that the file
// binds to one; $name any word, $string any string, $any one token, `...` tokens up to what
// follows, of any number, with brackets in pairs, within the statement; `....` the same over
// statements. <a|b> is one of two. A pattern begins with a word or a string.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/language.h"
#include "audit/lexer.h"

namespace medic::audit {

struct PatternItem {
  enum class Kind : std::uint8_t { Literal, Text, On, Off, Name, String, Any, Rest, Deep };
  Kind kind = Kind::Literal;
  std::vector<std::string> texts;  // of Literal: one of them; of Text: one glob
};

using TokenPattern = std::vector<PatternItem>;

// None: not a pattern.
std::optional<TokenPattern> parse_pattern(std::string_view pattern, const Language& language);

struct PatternMatch {
  std::size_t first = 0;  // indices of tokens
  std::size_t last = 0;
  std::optional<std::size_t> value;  // of the $on or $off
};

// Names that the file binds to a plain value, and never to another.
class Bindings {
 public:
  explicit Bindings(const std::vector<Token>& tokens);
  // "true", "0", ...; empty: not known.
  [[nodiscard]] std::string_view value(std::string_view name) const;

 private:
  std::map<std::string_view, std::string_view> values_;
};

class PatternSearch {
 public:
  PatternSearch(const std::vector<Token>& tokens, const Language& language);

  [[nodiscard]] std::vector<PatternMatch> find(const TokenPattern& pattern) const;
  [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }
  [[nodiscard]] const Language& language() const { return language_; }

 private:
  struct Step;
  [[nodiscard]] bool matches(const TokenPattern& pattern, std::size_t item, std::size_t at,
                             PatternMatch& match, int& budget) const;
  [[nodiscard]] bool skips(const TokenPattern& pattern, std::size_t item, std::size_t at,
                           PatternMatch& match, int& budget) const;
  [[nodiscard]] bool fits_one(const PatternItem& item, std::size_t at) const;
  [[nodiscard]] bool is_switch(const Token& token, bool on) const;
  [[nodiscard]] bool same(std::string_view a, std::string_view b) const;

  const std::vector<Token>& tokens_;
  const Language& language_;
  Bindings bindings_;
};

}  // namespace medic::audit
