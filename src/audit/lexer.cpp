#include "audit/lexer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/language.h"

namespace medic::audit {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Longest first. What no language has together never stands together.
constexpr std::array<std::string_view, 22> kMarks = {
    "===", "!==", "<=>", "...", "=>", "->", "::", ":=", "==", "!=", "<=",
    ">=",  "&&",  "||",  "++",  "--", "+=", "-=", "|=", "&=", "?.", "??"};

class Lexer {
 public:
  Lexer(std::string_view text, const Language& language) : text_(text), language_(language) {
    tokens_.reserve(text.size() / 6 + 8);
    for (const char c : language.word_characters) {
      extra_[static_cast<unsigned char>(c)] = true;
    }
    templates_ = language.has("template");
    regex_ = language.has("regex");
    lifetimes_ = language.has("lifetimes");
    rust_raw_ = language.has("rust-raw");
    cpp_raw_ = language.has("cpp-raw");
    verbatim_ = language.has("verbatim");
    spaced_hash_ = language.has("spaced-comment");
    doubled_ = language.has("backtick-escape");
  }

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      step();
    }
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  [[nodiscard]] char ahead(std::size_t count) const {
    return at_ + count < text_.size() ? text_[at_ + count] : '\0';
  }
  [[nodiscard]] bool in_word(char c) const {
    return is_letter(c) || is_digit(c) || extra_[static_cast<unsigned char>(c)];
  }

  void add(TokenKind kind, std::size_t end, std::size_t from, std::size_t to) {
    end = std::min(end, text_.size());
    to = std::clamp(to, from, text_.size());
    tokens_.push_back({.kind = kind,
                       .begin = static_cast<std::uint32_t>(at_),
                       .end = static_cast<std::uint32_t>(end),
                       .text = text_.substr(from, to - from)});
    at_ = end;
  }

  void step() {
    const char c = text_[at_];
    if (c == '\n') {
      if (language_.line_ends && !tokens_.empty() && tokens_.back().kind != TokenKind::LineEnd) {
        add(TokenKind::LineEnd, at_ + 1, at_, at_ + 1);
      } else {
        ++at_;
      }
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '\\' && (ahead(1) == '\n' || ahead(1) == '\r')) {
      at_ += ahead(1) == '\r' ? 3U : 2U;
    } else if (!comment() && !string()) {
      word_or_mark(c);
    }
  }

  bool comment() {
    for (const auto& [open, close] : language_.block_comments) {
      if (rest().starts_with(open)) {
        const std::size_t end = text_.find(close, at_ + open.size());
        at_ = end == std::string_view::npos ? text_.size() : end + close.size();
        return true;
      }
    }
    for (const std::string& start : language_.line_comments) {
      if (rest().starts_with(start)) {
        const bool spaced =
            at_ == 0 || std::string_view(" \t\n;").find(text_[at_ - 1]) != std::string_view::npos;
        if (spaced_hash_ && !spaced) {
          continue;
        }
        at_ = std::min(text_.find('\n', at_), text_.size());
        return true;
      }
    }
    return false;
  }

  bool string() {
    if ((rust_raw_ && rust_raw()) || (cpp_raw_ && cpp_raw()) || (verbatim_ && verbatim())) {
      return true;
    }
    for (const std::string& quote : language_.long_quotes) {
      if (rest().starts_with(quote)) {
        quoted(quote, true, true);
        return true;
      }
    }
    for (const std::string& quote : language_.raw_quotes) {
      if (rest().starts_with(quote)) {
        quoted(quote, true, templates_);
        return true;
      }
    }
    for (const std::string& quote : language_.quotes) {
      if (rest().starts_with(quote)) {
        if (lifetimes_ && quote == "'" && ahead(2) != '\'' && ahead(1) != '\\') {
          return false;  // 'a of Rust
        }
        quoted(quote, false, true);
        return true;
      }
    }
    return regex_ && text_[at_] == '/' && regex();
  }

  void quoted(std::string_view quote, bool lines, bool escapes) {
    const std::size_t from = at_ + quote.size();
    std::size_t at = from;
    while (at < text_.size()) {
      const char c = text_[at];
      if (escapes && (c == '\\' || (doubled_ && c == '`'))) {
        at += 2;
      } else if (!lines && c == '\n') {
        break;
      } else if (text_.substr(at).starts_with(quote)) {
        add(TokenKind::String, at + quote.size(), from, at);
        return;
      } else {
        ++at;
      }
    }
    // Nothing closes it: it ends with its line, so that one stray quote does not hide a file.
    if (lines) {
      at = std::min(text_.find('\n', from), text_.size());
    }
    add(TokenKind::String, std::max(at, from), from, at);
  }

  bool rust_raw() {
    std::size_t at = at_ + (text_[at_] == 'b' ? 1 : 0);
    if (at >= text_.size() || text_[at] != 'r') {
      return false;
    }
    const std::size_t hashes = at + 1;
    at = std::min(text_.find_first_not_of('#', hashes), text_.size());
    if (at >= text_.size() || text_[at] != '"' || at - hashes > 20) {
      return false;
    }
    const std::string close = "\"" + std::string(at - hashes, '#');
    const std::size_t end = std::min(text_.find(close, at + 1), text_.size());
    add(TokenKind::String, end + close.size(), at + 1, end);
    return true;
  }

  bool cpp_raw() {
    if (!rest().starts_with("R\"")) {
      return false;
    }
    const std::size_t open = text_.find('(', at_ + 2);
    if (open == std::string_view::npos || open - at_ > 20) {
      return false;
    }
    const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    const std::size_t end = std::min(text_.find(close, open), text_.size());
    add(TokenKind::String, end + close.size(), open + 1, end);
    return true;
  }

  // C#'s @"...", in which "" is a quote.
  bool verbatim() {
    const std::size_t quote = rest().starts_with("@\"") ? 1 : (rest().starts_with("$@\"") ? 2 : 0);
    if (quote == 0) {
      return false;
    }
    std::size_t at = at_ + quote + 1;
    while (at < text_.size() && (text_[at] != '"' || text_.substr(at).starts_with("\"\""))) {
      at += text_[at] == '"' ? 2U : 1U;
    }
    add(TokenKind::String, at + 1, at_ + quote + 1, at);
    return true;
  }

  // A slash begins a regular expression where no value stands before it.
  bool regex() {
    if (!tokens_.empty()) {
      const Token& last = tokens_.back();
      const bool value = last.kind == TokenKind::Number || last.kind == TokenKind::String ||
                         last.text == ")" || last.text == "]" ||
                         (last.kind == TokenKind::Word && last.text != "return" &&
                          last.text != "typeof" && last.text != "case");
      if (value) {
        return false;
      }
    }
    bool in_class = false;
    for (std::size_t at = at_ + 1; at < text_.size() && text_[at] != '\n'; ++at) {
      const char c = text_[at];
      if (c == '\\') {
        ++at;
      } else if (c == '[' || c == ']') {
        in_class = c == '[';
      } else if (c == '/' && !in_class) {
        add(TokenKind::String, at + 1, at, at);  // its content is no text
        return true;
      }
    }
    return false;
  }

  void word_or_mark(char c) {
    if (is_digit(c)) {
      std::size_t end = at_;
      while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]) ||
                                    (text_[end] == '.' && is_digit(text_[end - 1])))) {
        ++end;
      }
      add(TokenKind::Number, end, at_, end);
      return;
    }
    if (in_word(c)) {
      std::size_t end = at_;
      while (end < text_.size() && in_word(text_[end])) {
        ++end;
      }
      add(TokenKind::Word, end, at_, end);
      return;
    }
    for (const std::string_view mark : kMarks) {
      if (rest().starts_with(mark)) {
        add(TokenKind::Mark, at_ + mark.size(), at_, at_ + mark.size());
        return;
      }
    }
    add(TokenKind::Mark, at_ + 1, at_, at_ + 1);
  }

  std::string_view text_;
  const Language& language_;
  std::vector<Token> tokens_;
  std::array<bool, 256> extra_{};
  std::size_t at_ = 0;
  bool templates_ = false;
  bool regex_ = false;
  bool lifetimes_ = false;
  bool rust_raw_ = false;
  bool cpp_raw_ = false;
  bool verbatim_ = false;
  bool spaced_hash_ = false;
  bool doubled_ = false;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view text, const Language& language) {
  return Lexer(text, language).run();
}

}  // namespace medic::audit
