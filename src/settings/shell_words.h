#pragma once

// Splits the text of a shell script into simple statements of words, far enough to see assignments.
// Internal to this module.

#include <string>
#include <string_view>
#include <vector>

#include "settings/document.h"

namespace medic::settings {

struct ShellWord {
  std::string text;      // without quotes; expansions as written
  std::string source;    // as written
  bool names = false;    // holds $NAME or ${NAME}
  bool unknown = false;  // holds what only running tells
  bool dollar = false;   // holds a '$' that is meant as such
  bool quoted = false;

  // The value of an assignment or argument.
  [[nodiscard]] ValueKind kind() const;
};

enum class ShellDialect { Posix, Fish };

struct ShellStatement {
  std::vector<ShellWord> words;
  int line = 0;
  // What ended the statement before: after "&&" or "||" this one may not happen.
  bool after_condition = false;
  char end = '\n';  // '\n', ';', '&' (also "&&"), '|' (also "||"), '(', ')'
};

class ShellScanner {
 public:
  ShellScanner(std::string_view text, ShellDialect dialect) : text_(text), dialect_(dialect) {}

  // False at the end.
  bool next(ShellStatement& statement);

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  char take();
  void skip_blanks();
  ShellWord word();
  bool word_piece(ShellWord& word);
  void single_quoted(ShellWord& word);
  void double_quoted(ShellWord& word);
  void escaped_character(ShellWord& word);
  void expansion(ShellWord& word);
  void skip_nested(char open, char close);
  void skip_here_documents();
  bool operator_follows(ShellStatement& statement);
  void redirection();

  std::string_view text_;
  ShellDialect dialect_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool condition_ = false;
  std::vector<std::string> here_documents_;
};

}  // namespace medic::settings
