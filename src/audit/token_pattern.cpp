#include "audit/token_pattern.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"
#include "audit/language.h"
#include "audit/lexer.h"

namespace medic::audit {
namespace {

constexpr std::size_t kRest = 80;   // tokens that `...` may pass over
constexpr std::size_t kDeep = 400;  // ... and `....`
constexpr int kBudget = 20'000;     // steps of one search: patterns with several `...`

constexpr std::array<std::string_view, 12> kOff = {"false",   "0",   "no",    "off",
                                                   "none",    "nil", "null",  "$false",
                                                   "disable", "0L",  "False", "disabled"};
constexpr std::array<std::string_view, 9> kOn = {"true", "1",    "yes",    "on",     "$true",
                                                 "1L",   "True", "enable", "enabled"};

bool among(std::span<const std::string_view> words, std::string_view text) {
  const std::string lower = lowered(text);
  return std::ranges::any_of(words, [&](std::string_view word) { return lowered(word) == lower; });
}

bool is_plain(const Token& token) {
  return token.kind == TokenKind::Number || token.kind == TokenKind::String ||
         (token.kind == TokenKind::Word && (among(kOff, token.text) || among(kOn, token.text)));
}

std::optional<PatternItem> special(std::string_view word) {
  using Kind = PatternItem::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 5> kKinds = {{{"$on", Kind::On},
                                                                        {"$off", Kind::Off},
                                                                        {"$name", Kind::Name},
                                                                        {"$string", Kind::String},
                                                                        {"$any", Kind::Any}}};
  for (const auto& [name, kind] : kKinds) {
    if (word == name) {
      return PatternItem{.kind = kind, .texts = {}};
    }
  }
  return std::nullopt;
}

int bracket(std::string_view text) {
  if (text == "(" || text == "[" || text == "{") {
    return 1;
  }
  return text == ")" || text == "]" || text == "}" ? -1 : 0;
}

// "<a|b>" at the front of `pattern`, which is moved behind it.
std::optional<PatternItem> choice(std::string_view& pattern) {
  const std::size_t close = pattern.find('>');
  if (pattern.front() != '<' || close == std::string_view::npos || pattern.find('|') > close) {
    return std::nullopt;
  }
  std::string_view inside = pattern.substr(1, close - 1);
  PatternItem item;
  while (true) {
    const std::size_t bar = inside.find('|');
    item.texts.emplace_back(inside.substr(0, bar));
    if (bar == std::string_view::npos) {
      break;
    }
    inside.remove_prefix(bar + 1);
  }
  pattern.remove_prefix(close + 1);
  return item;
}

// One item from the front of `pattern`; none: it is not well formed.
std::optional<PatternItem> next_item(std::string_view& pattern, const Language& language) {
  using Kind = PatternItem::Kind;
  for (const auto& [text, kind] : {std::pair{std::string_view("...."), Kind::Deep},
                                   std::pair{std::string_view("..."), Kind::Rest}}) {
    if (pattern.starts_with(text)) {
      pattern.remove_prefix(text.size());
      return PatternItem{.kind = kind, .texts = {}};
    }
  }
  if (pattern.front() == '"') {
    const std::size_t end = pattern.find('"', 1);
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    PatternItem item{.kind = Kind::Text, .texts = {std::string(pattern.substr(1, end - 1))}};
    pattern.remove_prefix(end + 1);
    return item;
  }
  if (auto item = choice(pattern)) {
    return item;
  }
  const std::string_view word = pattern.substr(0, pattern.find(' '));
  if (auto item = special(word)) {
    pattern.remove_prefix(word.size());
    return item;
  }
  const std::vector<Token> tokens =
      tokens_of(pattern.substr(0, pattern.find_first_of(" \"")), language);
  if (tokens.empty()) {
    return std::nullopt;
  }
  PatternItem item{.kind = Kind::Literal, .texts = {std::string(tokens.front().text)}};
  pattern.remove_prefix(tokens.front().end);
  return item;
}

}  // namespace

std::optional<TokenPattern> parse_pattern(std::string_view pattern, const Language& language) {
  using Kind = PatternItem::Kind;
  TokenPattern items;
  while (true) {
    pattern.remove_prefix(std::min(pattern.find_first_not_of(' '), pattern.size()));
    if (pattern.empty()) {
      break;
    }
    auto item = next_item(pattern, language);
    if (!item) {
      return std::nullopt;
    }
    items.push_back(*std::move(item));
  }
  const bool anchored =
      !items.empty() && (items.front().kind == Kind::Literal || items.front().kind == Kind::Text);
  return anchored ? std::optional(std::move(items)) : std::nullopt;
}

namespace {

// Where the value stands that `tokens[i]` is given: "name = false", "name: Boolean = false", "name
// bool = false"; none: it is given nothing here. At least two tokens follow.
std::optional<std::size_t> value_given(const std::vector<Token>& tokens, std::size_t i) {
  const Token& next = tokens[i + 1];
  if (next.text == ":" && i + 4 < tokens.size() && tokens[i + 3].text == "=" &&
      tokens[i + 2].kind == TokenKind::Word) {
    return i + 4;
  }
  if (next.kind == TokenKind::Word && next.text == "bool" && i + 3 < tokens.size() &&
      tokens[i + 2].text == "=") {
    return i + 3;
  }
  const bool assigns = next.kind == TokenKind::Mark && (next.text == "=" || next.text == ":=");
  return assigns ? std::optional(i + 2) : std::nullopt;
}

// "x = false && y" is no plain value.
bool ends_plainly(const std::vector<Token>& tokens, std::size_t value) {
  return is_plain(tokens[value]) &&
         (value + 1 >= tokens.size() || tokens[value + 1].kind != TokenKind::Mark ||
          std::string_view(";,)]}").find(tokens[value + 1].text) != std::string_view::npos);
}

bool is_member(const std::vector<Token>& tokens, std::size_t i) {
  return i > 0 && (tokens[i - 1].text == "." || tokens[i - 1].text == "->");
}

}  // namespace

Bindings::Bindings(const std::vector<Token>& tokens) {
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::Word || is_member(tokens, i)) {
      continue;
    }
    const auto value = value_given(tokens, i);
    if (!value) {
      continue;
    }
    const bool plain = ends_plainly(tokens, *value);
    const std::string_view text = plain ? tokens[*value].text : std::string_view();
    const auto [at, fresh] = values_.try_emplace(tokens[i].text, text);
    if (!fresh && at->second != text) {
      at->second = {};
    }
  }
}

std::string_view Bindings::value(std::string_view name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? std::string_view() : at->second;
}

PatternSearch::PatternSearch(const std::vector<Token>& tokens, const Language& language)
    : tokens_(tokens), language_(language), bindings_(tokens) {}

bool PatternSearch::same(std::string_view a, std::string_view b) const {
  return a == b || (language_.ignore_case && lowered(a) == lowered(b));
}

bool PatternSearch::is_switch(const Token& token, bool on) const {
  std::string_view text = token.text;
  if (token.kind == TokenKind::Word && !is_plain(token)) {
    text = bindings_.value(text);
  }
  if (text.empty()) {
    return false;
  }
  return on ? among(kOn, text) : among(kOff, text);
}

bool PatternSearch::fits_one(const PatternItem& item, std::size_t at) const {
  using Kind = PatternItem::Kind;
  const Token& token = tokens_[at];
  switch (item.kind) {
    case Kind::Literal:
      return token.kind != TokenKind::String &&
             std::ranges::any_of(item.texts,
                                 [&](const std::string& text) { return same(text, token.text); });
    case Kind::Text:
      return token.kind == TokenKind::String &&
             (language_.ignore_case ? fits(lowered(item.texts.front()), lowered(token.text))
                                    : fits(item.texts.front(), token.text));
    case Kind::On:
      return is_switch(token, true);
    case Kind::Off:
      return is_switch(token, false);
    case Kind::Name:
      return token.kind == TokenKind::Word;
    case Kind::String:
      return token.kind == TokenKind::String;
    case Kind::Any:
      return token.kind != TokenKind::LineEnd;
    case Kind::Rest:
    case Kind::Deep:
      return false;
  }
  return false;
}

bool PatternSearch::skips(const TokenPattern& pattern, std::size_t item, std::size_t at,
                          PatternMatch& match, int& budget) const {
  const bool deep = pattern[item].kind == PatternItem::Kind::Deep;
  int open = 0;
  for (std::size_t i = at; i <= tokens_.size() && i - at < (deep ? kDeep : kRest); ++i) {
    if ((deep || open == 0) && matches(pattern, item + 1, i, match, budget)) {
      return true;
    }
    if (i >= tokens_.size() || budget <= 0) {
      return false;
    }
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::Mark) {
      open += bracket(token.text);
      if (open < 0 || (!deep && open == 0 && token.text == ";")) {
        return false;
      }
    } else if (!deep && open == 0 && token.kind == TokenKind::LineEnd) {
      return false;
    }
  }
  return false;
}

bool PatternSearch::matches(const TokenPattern& pattern, std::size_t item, std::size_t at,
                            PatternMatch& match, int& budget) const {
  if (--budget <= 0) {
    return false;
  }
  if (item == pattern.size()) {
    match.last = at - 1;
    return true;
  }
  using Kind = PatternItem::Kind;
  if (pattern[item].kind == Kind::Rest || pattern[item].kind == Kind::Deep) {
    return skips(pattern, item, at, match, budget);
  }
  if (at >= tokens_.size() || !fits_one(pattern[item], at)) {
    return false;
  }
  if (pattern[item].kind == Kind::On || pattern[item].kind == Kind::Off) {
    match.value = at;
  }
  return matches(pattern, item + 1, at + 1, match, budget);
}

std::vector<PatternMatch> PatternSearch::find(const TokenPattern& pattern) const {
  std::vector<PatternMatch> found;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!fits_one(pattern.front(), i)) {
      continue;
    }
    PatternMatch match{.first = i, .last = i, .value = std::nullopt};
    int budget = kBudget;
    if (matches(pattern, 1, i + 1, match, budget)) {
      found.push_back(match);
    }
  }
  return found;
}

}  // namespace medic::audit
