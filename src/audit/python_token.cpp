#include "audit/python_token.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace medic::audit {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Identifiers may hold any letter of Unicode; every byte above ASCII counts as one.
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool in_name(char c) {
  return starts_name(c) || is_digit(c);
}

// Longest first.
constexpr std::array<std::string_view, 25> kOperators = {
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=",
    "->",  "+=",  "-=",  "*=",  "/=",  "%=", "@=", "&=", "|=", "^=", ":=", "<>"};

std::size_t operator_length(std::string_view rest) {
  for (const std::string_view op : kOperators) {
    if (rest.starts_with(op)) {
      return op.size();
    }
  }
  return 1;
}

// Behind the braces of an f-string's field, `at` being behind the opening one.
std::size_t field_end(std::string_view source, std::size_t at, int depth);

bool is_triple(std::string_view source, std::size_t at) {
  return at + 2 < source.size() && source[at + 1] == source[at] && source[at + 2] == source[at];
}

// Nested f-strings are read by recursion; deeper ones than anybody writes end at their line.
constexpr int kMaxFieldDepth = 16;

std::size_t string_end(std::string_view source, std::size_t at, bool formatted, int depth) {
  const char quote = source[at];
  const bool triple = is_triple(source, at);
  at += triple ? 3 : 1;
  while (at < source.size()) {
    const char c = source[at];
    if (c == '\\') {
      at += 2;
    } else if (c == '\n' && !triple) {
      return at;  // unterminated: the line ends it
    } else if (c == quote && (!triple || is_triple(source, at))) {
      return at + (triple ? 3 : 1);
    } else if (formatted && c == '{' && depth < kMaxFieldDepth) {
      const bool literal = at + 1 < source.size() && source[at + 1] == '{';
      at = literal ? at + 2 : field_end(source, at + 1, depth + 1);
    } else {
      ++at;
    }
  }
  return source.size();
}

// A field that does not close before the line ends was none: the braces of a Python 2 string that
// happens to have an f before it do not swallow the file.
std::size_t field_end(std::string_view source, std::size_t at, int depth) {
  const std::size_t start = at;
  int open = 1;
  while (at < source.size()) {
    const char c = source[at];
    if (c == '{' || c == '(' || c == '[') {
      ++open;
    } else if (c == '}' || c == ')' || c == ']') {
      if (--open == 0) {
        return at + 1;
      }
    } else if (c == '\n' && at - start > 4096) {
      return start;
    } else if (c == '"' || c == '\'') {
      const bool nested = at > 0 && (source[at - 1] == 'f' || source[at - 1] == 'F');
      at = string_end(source, at, nested, depth);
      continue;
    }
    ++at;
  }
  return start;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view source) : source_(source) {
    tokens_.reserve(source.size() / 5 + 8);
  }

  std::vector<PythonToken> run() {
    if (source_.starts_with("\xEF\xBB\xBF")) {
      at_ = 3;
    }
    bool fresh = true;  // at the start of a physical line outside brackets
    while (at_ < source_.size()) {
      if (fresh && brackets_ == 0 && !start_line()) {
        continue;
      }
      fresh = step();
    }
    if (!tokens_.empty() && tokens_.back().kind != PythonTokenKind::Newline) {
      add(PythonTokenKind::Newline, source_.size());
    }
    for (; indents_.size() > 1; indents_.pop_back()) {
      add(PythonTokenKind::Dedent, source_.size());
    }
    add(PythonTokenKind::End, source_.size());
    return std::move(tokens_);
  }

 private:
  void add(PythonTokenKind kind, std::size_t end) {
    tokens_.push_back({.kind = kind,
                       .begin = static_cast<std::uint32_t>(std::min(at_, source_.size())),
                       .end = static_cast<std::uint32_t>(std::min(end, source_.size()))});
    at_ = end;
  }

  // Indentation. False: the line is blank or a comment and was passed over.
  bool start_line() {
    std::size_t column = 0;
    std::size_t at = at_;
    for (; at < source_.size(); ++at) {
      const char c = source_[at];
      if (c == ' ') {
        ++column;
      } else if (c == '\t') {
        column = (column / 8 + 1) * 8;
      } else if (c == '\f') {
        column = 0;
      } else {
        break;
      }
    }
    const char c = at < source_.size() ? source_[at] : '\n';
    if (c == '#' || c == '\n' || c == '\r') {
      const std::size_t newline = source_.find('\n', at);
      at_ = newline == std::string_view::npos ? source_.size() : newline + 1;
      return false;
    }
    at_ = at;
    // Deeper than any program: what follows is taken as one level.
    if (column > indents_.back() && indents_.size() < 200) {
      indents_.push_back(column);
      add(PythonTokenKind::Indent, at_);
    }
    while (column < indents_.back()) {
      indents_.pop_back();
      add(PythonTokenKind::Dedent, at_);
    }
    return true;
  }

  // One token; true when a new physical line begins behind it.
  bool step() {
    const char c = source_[at_];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '\n') {
      return newline();
    } else if (c == '#') {
      at_ = std::min(source_.find('\n', at_), source_.size());
    } else if (c == '\\') {
      const std::size_t line = source_.find_first_not_of('\r', at_ + 1);
      at_ = line != std::string_view::npos && source_[line] == '\n' ? line + 1 : at_ + 1;
    } else if (starts_name(c)) {
      name_or_string();
    } else if (is_digit(c) ||
               (c == '.' && at_ + 1 < source_.size() && is_digit(source_[at_ + 1]))) {
      number();
    } else if (c == '"' || c == '\'') {
      add(PythonTokenKind::String, string_end(source_, at_, false, 0));
    } else {
      op(c);
    }
    return false;
  }

  bool newline() {
    if (brackets_ > 0) {
      ++at_;
      return false;
    }
    add(PythonTokenKind::Newline, at_ + 1);
    return true;
  }

  void name_or_string() {
    std::size_t end = at_;
    while (end < source_.size() && in_name(source_[end])) {
      ++end;
    }
    const bool quoted = end < source_.size() && (source_[end] == '"' || source_[end] == '\'');
    if (quoted && end - at_ <= 2) {  // r, b, u, f, t and pairs of them
      const std::string_view prefix = source_.substr(at_, end - at_);
      if (prefix.find_first_not_of("rRbBuUfFtT") == std::string_view::npos) {
        const bool formatted = prefix.find_first_of("fFtT") != std::string_view::npos;
        add(PythonTokenKind::String, string_end(source_, end, formatted, 0));
        return;
      }
    }
    add(PythonTokenKind::Name, end);
  }

  void number() {
    std::size_t end = at_;
    while (end < source_.size()) {
      const char c = source_[end];
      const bool sign = (c == '+' || c == '-') && end > at_ &&
                        (source_[end - 1] == 'e' || source_[end - 1] == 'E') &&
                        !source_.substr(at_).starts_with("0x");
      if (!in_name(c) && c != '.' && !sign) {
        break;
      }
      ++end;
    }
    add(PythonTokenKind::Number, end);
  }

  void op(char c) {
    if (c == '(' || c == '[' || c == '{') {
      ++brackets_;
    } else if ((c == ')' || c == ']' || c == '}') && brackets_ > 0) {
      --brackets_;
    }
    add(PythonTokenKind::Operator, at_ + operator_length(source_.substr(at_)));
  }

  std::string_view source_;
  std::vector<PythonToken> tokens_;
  std::vector<std::size_t> indents_{0};
  std::size_t at_ = 0;
  int brackets_ = 0;
};

}  // namespace

std::size_t python_string_end(std::string_view source, std::size_t at, bool formatted) {
  return string_end(source, at, formatted, 0);
}

std::vector<PythonToken> python_tokens(std::string_view source) {
  return Tokenizer(source).run();
}

}  // namespace medic::audit
