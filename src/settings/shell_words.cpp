#include "settings/shell_words.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "settings/document.h"
#include "settings/sink.h"
#include "settings/words.h"

namespace medic::settings {
namespace {

constexpr std::string_view kOperators = ";&|()\n";

bool ends_word(char c, ShellDialect dialect) {
  if (c == '(' || c == ')') {
    return dialect == ShellDialect::Posix;
  }
  return c == '\0' || c == ' ' || c == '\t' || c == '\r' || c == '<' || c == '>' ||
         kOperators.find(c) != std::string_view::npos;
}

}  // namespace

ValueKind ShellWord::kind() const {
  if (unknown || (names && dollar)) {
    return ValueKind::Unknown;
  }
  if (names) {
    return ValueKind::Expandable;
  }
  return quoted ? ValueKind::String : ValueKind::Plain;
}

char ShellScanner::take() {
  const char c = text_[at_++];
  line_ += c == '\n' ? 1 : 0;
  return c;
}

void ShellScanner::skip_blanks() {
  while (at_ < text_.size()) {
    const char c = peek();
    if (c == '\\' && peek(1) == '\n') {
      take();
      take();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      take();
    } else if (c == '#') {
      while (at_ < text_.size() && peek() != '\n') {
        take();
      }
    } else {
      return;
    }
  }
}

void ShellScanner::single_quoted(ShellWord& word) {
  word.quoted = true;
  take();
  while (at_ < text_.size() && peek() != '\'') {
    if (dialect_ == ShellDialect::Fish && peek() == '\\' && at_ + 1 < text_.size()) {
      take();
    }
    word.dollar = word.dollar || peek() == '$';
    word.text += take();
  }
  if (at_ < text_.size()) {
    take();
  } else {
    word.unknown = true;  // the quote never ends
  }
}

void ShellScanner::double_quoted(ShellWord& word) {
  word.quoted = true;
  take();
  while (at_ < text_.size() && peek() != '"') {
    const char c = peek();
    if (c == '\\' && at_ + 1 < text_.size()) {
      take();
      const char escaped = take();
      constexpr std::string_view kEscaped = "$`\"\\";
      if (kEscaped.find(escaped) != std::string_view::npos) {
        word.dollar = word.dollar || escaped == '$';
        word.text += escaped;
      } else if (escaped != '\n') {
        word.text += '\\';
        word.text += escaped;
      }
    } else if (c == '$' || (c == '`' && dialect_ == ShellDialect::Posix)) {
      expansion(word);
    } else {
      word.text += take();
    }
  }
  if (at_ < text_.size()) {
    take();
  } else {
    word.unknown = true;
  }
}

// From an opening bracket to its end; quotes inside hide brackets.
void ShellScanner::skip_nested(char open, char close) {
  int depth = 0;
  char quote = '\0';
  while (at_ < text_.size()) {
    const char c = take();
    if (c == '\\' && quote != '\'' && at_ < text_.size()) {
      take();
    } else if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == open && (open != close || depth == 0)) {
      ++depth;
    } else if (c == close) {
      --depth;
      if (depth <= 0) {
        return;
      }
    }
  }
}

void ShellScanner::expansion(ShellWord& word) {
  const std::size_t start = at_;
  const char c = peek();
  const char after = peek(1);
  if (c == '`') {
    skip_nested('`', '`');
    word.unknown = true;
  } else if (after == '(') {
    take();
    skip_nested('(', ')');
    word.unknown = true;
  } else if (after == '{') {
    take();
    skip_nested('{', '}');
    const std::string_view inside = text_.substr(start + 2, std::max(at_, start + 3) - start - 3);
    if (is_variable_name(inside)) {
      word.names = true;
    } else {
      word.unknown = true;
    }
  } else {
    take();
    const std::size_t name = at_;
    while (is_variable_name(text_.substr(name, at_ + 1 - name)) && at_ < text_.size()) {
      take();
    }
    if (at_ > name) {
      word.names = true;
    } else if (after == '\0' || after == '"' || ends_word(after, dialect_)) {
      word.dollar = true;
    } else {
      word.unknown = true;  // $1, $?, $'…'
    }
  }
  word.text += text_.substr(start, at_ - start);
}

void ShellScanner::escaped_character(ShellWord& word) {
  take();
  const char c = take();
  if (c != '\n') {  // a line that goes on in the next
    word.dollar = word.dollar || c == '$';
    word.text += c;
  }
}

bool ShellScanner::word_piece(ShellWord& word) {
  const char c = peek();
  if (at_ >= text_.size() || c == '\n' || ends_word(c, dialect_)) {
    // A value may be a list: NAME=(…). Not for the environment.
    if (c == '(' && dialect_ == ShellDialect::Posix && word.text.ends_with('=')) {
      skip_nested('(', ')');
      word.unknown = true;
      return true;
    }
    return false;
  }
  if (c == '\'') {
    single_quoted(word);
  } else if (c == '"') {
    double_quoted(word);
  } else if (c == '\\' && at_ + 1 < text_.size()) {
    escaped_character(word);
  } else if (c == '$' || (c == '`' && dialect_ == ShellDialect::Posix)) {
    expansion(word);
  } else if (c == '(' && dialect_ == ShellDialect::Fish) {
    skip_nested('(', ')');
    word.unknown = true;
  } else {
    // "~" is the home directory at the start of a word or of an assignment's value.
    word.names = word.names || (c == '~' && (word.text.empty() || word.text.ends_with('=')));
    word.text += take();
  }
  return true;
}

ShellWord ShellScanner::word() {
  const std::size_t start = at_;
  ShellWord word;
  while (word_piece(word)) {
  }
  word.source = text_.substr(start, at_ - start);
  return word;
}

void ShellScanner::skip_here_documents() {
  for (const std::string& end : std::exchange(here_documents_, {})) {
    while (at_ < text_.size()) {
      const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
      const std::string_view line = trimmed(text_.substr(at_, line_end - at_));
      line_ += line_end < text_.size() ? 1 : 0;
      at_ = std::min(line_end + 1, text_.size());
      if (line == end) {
        break;
      }
    }
  }
}

// '<', '>' and what belongs to them; no assignment is one.
void ShellScanner::redirection() {
  const bool here = peek() == '<' && peek(1) == '<' && peek(2) != '<';
  while (peek() == '<' || peek() == '>' || peek() == '&' || peek() == '-') {
    take();
  }
  if (peek() == '(') {  // <(command)
    skip_nested('(', ')');
    return;
  }
  skip_blanks();
  const ShellWord target = word();
  if (here) {
    here_documents_.push_back(target.text);
  }
}

bool ShellScanner::operator_follows(ShellStatement& statement) {
  if (at_ >= text_.size()) {
    return true;
  }
  const char c = peek();
  const bool bracket = c == '(' || c == ')';
  if (kOperators.find(c) == std::string_view::npos || (bracket && dialect_ == ShellDialect::Fish)) {
    return false;
  }
  statement.end = take();
  const bool doubled = (c == '&' || c == '|') && peek() == c;
  condition_ = doubled || c == '|';  // the end of a pipe runs in a shell of its own
  if (doubled || (c == ';' && peek() == ';')) {
    take();
  }
  if (c == '\n') {
    skip_here_documents();
  }
  return true;
}

bool ShellScanner::next(ShellStatement& statement) {
  statement = ShellStatement{};
  statement.after_condition = std::exchange(condition_, false);
  skip_blanks();
  if (at_ >= text_.size()) {
    return false;
  }
  statement.line = line_;
  while (at_ < text_.size()) {
    skip_blanks();
    if (peek() == '<' || peek() == '>') {
      redirection();
    } else if (operator_follows(statement)) {
      return true;
    } else {
      const std::size_t before = at_;
      statement.words.push_back(word());
      if (at_ == before) {  // a character that begins no word: pass it
        take();
      }
    }
  }
  return true;
}

}  // namespace medic::settings
