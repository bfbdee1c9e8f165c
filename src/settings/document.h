#pragma once

// Configuration files of others as flat lists: which key, which value, on which line. Every reader
// gives the same Document, so that a client's rules can be asked of any syntax. A reader never
// runs, includes or expands anything: what only running would tell is marked, never guessed.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace medic::settings {

enum class ValueKind {
  Plain,   // written without quotes: "false" may mean the word or the truth value
  String,  // quoted, or of a type that can be nothing else
  Number,
  Boolean,     // of a syntax that knows it (TOML, JSON, plist): "true" or "false"
  Null,        // a key without value
  Empty,       // an empty table or list
  Expandable,  // holds $NAME, ${NAME}, %NAME% or a leading "~", as written, and nothing worse
  Unknown,     // depends on what only running tells; `value` is the expression as written
  Unset,       // takes the key away (`unset X`, "X"=- in a .reg file)
};

struct Entry {
  // From the outside in: {"global", "cert"}, {"source", "0", "verify_ssl"} for lists.
  std::vector<std::string> path;
  std::string value;
  ValueKind kind = ValueKind::Plain;
  int line = 0;              // from 1; 0: the syntax has no lines (binary plist)
  bool conditional = false;  // stands inside an `if`, a loop or a function: may not happen

  [[nodiscard]] bool is(std::initializer_list<std::string_view> keys) const;
};

struct Problem {
  int line = 0;
  // "syntax", "encoding", "limit", "unsupported" (valid, but not read by us).
  std::string id;
  std::string text;  // the offending piece or the parser's words, escaped, at most 120 characters
};

// Another file that this one asks to be read at this place.
struct Include {
  std::string path;       // as written
  std::string condition;  // git's includeIf: "gitdir:~/a/"; empty: always
  int line = 0;
  std::size_t before = 0;  // index of the first entry that comes after it
};

struct Document {
  std::string file;
  std::vector<Entry> entries;  // in file order; of two with one path the later counts
  std::vector<Include> includes;
  std::vector<Problem> problems;

  // The last entry with exactly this path; null: none.
  [[nodiscard]] const Entry* find(std::initializer_list<std::string_view> keys) const;
};

}  // namespace medic::settings
