// What start-up files of Unix shells put into the environment. Only what is sure without running
// them: an assignment inside `if`, a loop or a function is marked conditional, a value that holds a
// command is Unknown.

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "settings/document.h"
#include "settings/readers.h"
#include "settings/shell_words.h"
#include "settings/sink.h"
#include "settings/words.h"

namespace medic::settings {
namespace {

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

struct Assignment {
  std::string name;
  std::string value;
  ValueKind kind = ValueKind::Plain;
};

// NAME=value of one word.
std::optional<Assignment> assignment(const ShellWord& word) {
  const std::size_t split = word.text.find('=');
  if (split == std::string::npos || !is_variable_name(word.text.substr(0, split)) ||
      !word.source.starts_with(word.text.substr(0, split + 1))) {
    return std::nullopt;
  }
  const ValueKind kind = word.kind();
  return Assignment{
      .name = word.text.substr(0, split),
      .value = (kind == ValueKind::Unknown ? word.source : word.text).substr(split + 1),
      .kind = kind};
}

class PosixReader {
 public:
  explicit PosixReader(std::string_view file) : sink_(file) {}

  Document read(std::string_view text) {
    ShellScanner scanner(text, ShellDialect::Posix);
    ShellStatement statement;
    while (!sink_.full() && scanner.next(statement)) {
      take(statement);
      // `name() {`: what is inside runs only when called. `( … )` is a process of its own.
      depth_ += statement.end == '(' ? 1 : 0;
      depth_ -= statement.end == ')' && depth_ > 0 && !in_case_pattern_ ? 1 : 0;
    }
    return sink_.take();
  }

 private:
  using Words = std::span<const ShellWord>;

  void take(const ShellStatement& statement) {
    Words words = statement.words;
    in_case_pattern_ = statement.end == ')' && cases_ > 0 && words.size() == 1;
    while (!words.empty() && structure(words.front())) {
      words = words.subspan(1);
    }
    if (words.empty()) {
      return;
    }
    line_ = statement.line;
    conditional_ = depth_ > 0 || statement.after_condition;
    command(words);
  }

  // Words that open, close or divide compound commands.
  bool structure(const ShellWord& word) {
    constexpr std::array<std::string_view, 8> kOpen = {"if",   "for",    "while", "until",
                                                       "case", "select", "{",     "function"};
    constexpr std::array<std::string_view, 4> kClose = {"fi", "done", "esac", "}"};
    constexpr std::array<std::string_view, 5> kDivide = {"then", "else", "elif", "do", "!"};
    if (word.quoted) {
      return false;
    }
    cases_ += word.text == "case" ? 1 : 0;
    cases_ -= word.text == "esac" && cases_ > 0 ? 1 : 0;
    if (word.text == "function") {
      return true;  // its '{' follows
    }
    if (one_of(word.text, kOpen)) {
      ++depth_;
      return true;
    }
    if (one_of(word.text, kClose)) {
      depth_ -= depth_ > 0 ? 1 : 0;
      return true;
    }
    return one_of(word.text, kDivide);
  }

  void command(Words words) {
    const std::string& name = words.front().text;
    constexpr std::array<std::string_view, 3> kDeclare = {"declare", "typeset", "local"};
    if (name == "export" || name == "readonly") {
      declare(words.subspan(1), name == "export");
    } else if (one_of(name, kDeclare)) {
      declare(words.subspan(1), false);
    } else if (name == "unset") {
      for (const ShellWord& word : words.subspan(1)) {
        add({.name = word.text, .value = {}, .kind = ValueKind::Unset});
      }
    } else if (name == "." || name == "source") {
      if (words.size() > 1) {
        sink_.include({.path = words[1].text, .condition = {}, .line = line_});
      }
    } else if (name == "set") {
      options(words.subspan(1));
    } else if (std::ranges::all_of(words,
                                   [](const ShellWord& w) { return assignment(w).has_value(); })) {
      for (const ShellWord& word : words) {
        assign(*assignment(word));
      }
    }
    // NAME=value before a command is for that command only.
  }

  void options(Words words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i].text;
      const bool named = i > 0 && word == "allexport";
      if (named || (word.size() > 1 && word.find('a') != std::string::npos &&
                    word.find_first_not_of("-+abefhkmnptuvxBCHP") == std::string::npos)) {
        export_all_ = (named ? words[i - 1].text : word).starts_with('-');
      }
    }
  }

  void declare(Words words, bool exports) {
    for (const ShellWord& word : words) {
      if (word.text.starts_with('-')) {
        exports = (exports || word.text.find('x') != std::string::npos) &&
                  word.text.find('n') == std::string::npos;
      } else if (const auto found = assignment(word)) {
        exports ? add(*found) : assign(*found);
      } else if (exports) {
        export_name(word.text);
      }
    }
  }

  void assign(const Assignment& found) {
    if (export_all_ || exported_.contains(found.name)) {
      add(found);
    } else if (shell_.size() < kMaxEntries) {
      shell_[found.name] = {found, line_, conditional_};
    }
  }

  void export_name(const std::string& name) {
    exported_.insert(name);
    const auto known = shell_.find(name);
    if (known != shell_.end()) {
      line_ = known->second.line;
      conditional_ = conditional_ || known->second.conditional;
      add(known->second.assignment);
    }
  }

  void add(Assignment found) {
    if (!is_variable_name(found.name)) {
      return;
    }
    exported_.insert(found.name);
    sink_.add({.path = {std::move(found.name)},
               .value = std::move(found.value),
               .kind = found.kind,
               .line = line_,
               .conditional = conditional_});
  }

  struct Known {
    Assignment assignment;
    int line = 0;
    bool conditional = false;
  };

  Sink sink_;
  std::map<std::string, Known> shell_;  // not exported so far
  std::set<std::string> exported_;
  int depth_ = 0;
  int cases_ = 0;
  int line_ = 0;
  bool in_case_pattern_ = false;
  bool conditional_ = false;
  bool export_all_ = false;
};

}  // namespace

Document read_posix_shell(std::string_view file, std::string_view text) {
  return PosixReader(file).read(text);
}

Document read_fish(std::string_view file, std::string_view text) {
  constexpr std::array<std::string_view, 6> kOpen = {"if",     "for",      "while",
                                                     "switch", "function", "begin"};
  Sink sink(file);
  ShellScanner scanner(text, ShellDialect::Fish);
  ShellStatement statement;
  int depth = 0;
  while (!sink.full() && scanner.next(statement)) {
    const auto& words = statement.words;
    if (words.empty()) {
      continue;
    }
    const std::string& name = words.front().text;
    if (one_of(name, kOpen)) {
      ++depth;
    } else if (name == "end") {
      depth -= depth > 0 ? 1 : 0;
    } else if (name == "source" && words.size() > 1) {
      sink.include({.path = words[1].text, .condition = {}, .line = statement.line});
    } else if (name == "set" || (words.size() > 1 && name == "and" && words[1].text == "set")) {
      std::size_t i = name == "set" ? 1 : 2;
      bool exports = false;
      bool erases = false;
      for (; i < words.size() && words[i].text.starts_with('-'); ++i) {
        const std::string& flag = words[i].text;
        const bool is_long = flag.starts_with("--");
        exports = exports || (is_long ? flag == "--export" : flag.find('x') != std::string::npos);
        erases = erases || (is_long ? flag == "--erase" : flag.find('e') != std::string::npos);
      }
      if (i >= words.size() || !(exports || erases) || !is_variable_name(words[i].text)) {
        continue;
      }
      Entry entry{.path = {words[i].text},
                  .value = {},
                  .kind = erases ? ValueKind::Unset : ValueKind::String,
                  .line = statement.line,
                  .conditional = depth > 0 || statement.after_condition || name == "and"};
      if (!erases && i + 1 < words.size()) {
        const ShellWord& value = words[i + 1];
        entry.kind = value.kind();
        entry.value = entry.kind == ValueKind::Unknown ? value.source : value.text;
      }
      sink.add(std::move(entry));
    }
  }
  return sink.take();
}

Document read_csh(std::string_view file, std::string_view text) {
  Sink sink(file);
  Lines lines(text);
  int depth = 0;
  for (std::string_view raw; !sink.full() && lines.next(raw);) {
    const std::string_view line = trimmed(raw);
    const std::vector<std::string> words = quoted_words(line);
    if (words.empty() || line.starts_with('#')) {
      continue;
    }
    const std::string& first = words.front();
    const bool one_line_if = first.starts_with("if") && words.back() != "then";
    if ((first.starts_with("if") && !one_line_if) || first == "foreach" || first == "while" ||
        first == "switch") {
      ++depth;
    } else if (first == "endif" || first == "end" || first == "endsw") {
      depth -= depth > 0 ? 1 : 0;
    } else if (first == "source" && words.size() > 1) {
      sink.include({.path = words[1], .condition = {}, .line = lines.number()});
    }
    const auto set = std::ranges::find_if(
        words, [](const std::string& w) { return w == "setenv" || w == "unsetenv"; });
    if (set == words.end() || set + 1 == words.end() || !is_variable_name(set[1]) ||
        (set != words.begin() && !one_line_if)) {
      continue;
    }
    Entry entry{.path = {set[1]},
                .value = set + 2 < words.end() ? set[2] : std::string(),
                .kind = *set == "unsetenv" ? ValueKind::Unset : ValueKind::Plain,
                .line = lines.number(),
                .conditional = depth > 0 || one_line_if};
    if (entry.kind == ValueKind::Plain &&
        (has_expansion(entry.value) || entry.value.starts_with('~'))) {
      entry.kind = has_only_names(entry.value) ? ValueKind::Expandable : ValueKind::Unknown;
    }
    sink.add(std::move(entry));
  }
  return sink.take();
}

}  // namespace medic::settings
