#pragma once

// How the files of a language are taken apart: data/audit/languages/<id>.toml.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace medic::audit {

struct Language {
  std::string id;
  std::vector<std::string> names;         // globs over the last part of a path, lower case
  std::vector<std::string> paths;         // globs over the last parts: "pip/pip.conf"
  std::vector<std::string> interpreters;  // of "#!" lines
  std::vector<std::string> line_comments;
  std::vector<std::pair<std::string, std::string>> block_comments;
  std::vector<std::string> quotes;       // end with their line; a backslash escapes
  std::vector<std::string> raw_quotes;   // may hold lines; nothing is escaped
  std::vector<std::string> long_quotes;  // may hold lines; a backslash escapes
  std::string word_characters;           // of words, besides letters, digits and '_'
  std::vector<std::string> features;     // lexer.cpp
  bool line_ends = false;                // the end of a line is a token
  bool ignore_case = false;
  std::string reader;               // of settings/readers.h; empty: none
  bool script = false;              // its lines are commands
  bool scripts_in_strings = false;  // its strings may be command lines
  std::string program;              // its lines are arguments of this program

  [[nodiscard]] bool has(std::string_view feature) const;
};

const std::vector<Language>& all_languages();
const Language* find_language(std::string_view id);
// By the name of the file; null: none that we read.
const Language* language_of_path(std::string_view path);
// By "#!" in the first line of the text.
const Language* language_of_text(std::string_view text);

}  // namespace medic::audit
