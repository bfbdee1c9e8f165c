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
#include <vector>

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
    } else {
      assign_all(words);
    }
  }

  // NAME=value before a command is for that command only, so every word must be one.
  void assign_all(Words words) {
    std::vector<Assignment> found;
    for (const ShellWord& word : words) {
      std::optional<Assignment> one = assignment(word);
      if (!one) {
        return;
      }
      found.push_back(*std::move(one));
    }
    for (const Assignment& one : found) {
      assign(one);
    }
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

namespace {

// `set` with its flags and arguments; none: nothing of the environment.
std::optional<Entry> fish_set(std::span<const ShellWord> words) {
  bool exports = false;
  bool erases = false;
  while (!words.empty() && words.front().text.starts_with('-')) {
    const std::string& flag = words.front().text;
    const bool is_long = flag.starts_with("--");
    exports = exports || (is_long ? flag == "--export" : flag.find('x') != std::string::npos);
    erases = erases || (is_long ? flag == "--erase" : flag.find('e') != std::string::npos);
    words = words.subspan(1);
  }
  if (words.empty() || !(exports || erases) || !is_variable_name(words.front().text)) {
    return std::nullopt;
  }
  Entry entry{.path = {words.front().text},
              .value = {},
              .kind = erases ? ValueKind::Unset : ValueKind::String};
  if (!erases && words.size() > 1) {
    const ShellWord& value = words[1];
    entry.kind = value.kind();
    entry.value = entry.kind == ValueKind::Unknown ? value.source : value.text;
  }
  return entry;
}

// The change of depth by a word that opens or closes a block.
int fish_depth(std::string_view word) {
  constexpr std::array<std::string_view, 6> kOpen = {"if",     "for",      "while",
                                                     "switch", "function", "begin"};
  if (word == "end") {
    return -1;
  }
  return one_of(word, kOpen) ? 1 : 0;
}

// setenv or unsetenv; none: another command.
std::optional<Entry> csh_entry(std::span<const std::string> words) {
  if (words.size() < 2 || !is_variable_name(words[1])) {
    return std::nullopt;
  }
  Entry entry{.path = {words[1]}, .value = {}, .kind = ValueKind::Unset};
  if (words[0] == "unsetenv") {
    return entry;
  }
  entry.kind = ValueKind::Plain;
  entry.value = words.size() > 2 ? words[2] : std::string();
  if (has_expansion(entry.value) || entry.value.starts_with('~')) {
    entry.kind = has_only_names(entry.value) ? ValueKind::Expandable : ValueKind::Unknown;
  }
  return entry;
}

int csh_depth(std::string_view word, bool one_line_if) {
  constexpr std::array<std::string_view, 3> kOpen = {"foreach", "while", "switch"};
  constexpr std::array<std::string_view, 3> kClose = {"endif", "end", "endsw"};
  if (one_of(word, kClose)) {
    return -1;
  }
  return one_of(word, kOpen) || (word.starts_with("if") && !one_line_if) ? 1 : 0;
}

}  // namespace

Document read_fish(std::string_view file, std::string_view text) {
  Sink sink(file);
  ShellScanner scanner(text, ShellDialect::Fish);
  ShellStatement statement;
  int depth = 0;
  while (!sink.full() && scanner.next(statement)) {
    std::span<const ShellWord> words = statement.words;
    const bool after_and = !words.empty() && words.front().text == "and";
    words = words.subspan(after_and ? 1 : 0);
    if (words.empty()) {
      continue;
    }
    const std::string& name = words.front().text;
    depth = std::max(0, depth + fish_depth(name));
    if (name == "source" && words.size() > 1) {
      sink.include({.path = words[1].text, .condition = {}, .line = statement.line});
    }
    std::optional<Entry> entry = name == "set" ? fish_set(words.subspan(1)) : std::nullopt;
    if (entry) {
      entry->line = statement.line;
      entry->conditional = depth > 0 || statement.after_condition || after_and;
      sink.add(*std::move(entry));
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
    depth = std::max(0, depth + csh_depth(first, one_line_if));
    if (first == "source" && words.size() > 1) {
      sink.include({.path = words[1], .condition = {}, .line = lines.number()});
    }
    const auto set = std::ranges::find_if(
        words, [](const std::string& w) { return w == "setenv" || w == "unsetenv"; });
    if (set == words.end() || (set != words.begin() && !one_line_if)) {
      continue;
    }
    if (std::optional<Entry> entry = csh_entry({set, words.end()})) {
      entry->line = lines.number();
      entry->conditional = depth > 0 || one_line_if;
      sink.add(*std::move(entry));
    }
  }
  return sink.take();
}

}  // namespace medic::settings
