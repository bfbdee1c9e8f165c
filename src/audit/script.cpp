#include "audit/script.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/glob.h"

namespace medic::audit {
namespace {

constexpr std::size_t kMaxWords = 2000;  // of one command

bool is_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) {
    return false;
  }
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_assignment(const ScriptWord& word) {
  const std::size_t equals = word.text.find('=');
  return equals != std::string::npos && is_name(std::string_view(word.text).substr(0, equals));
}

// Words that stand before a command and are no program themselves.
bool is_prefix(std::string_view word) {
  constexpr std::array<std::string_view, 36> kWords = {
      "sudo",   "exec", "command", "nohup",   "time", "nice",  "then",    "do",          "else",
      "if",     "elif", "while",   "until",   "!",    "RUN",   "CMD",     "ENTRYPOINT",  "run",
      "and",    "or",   "not",     "builtin", "eval", "xargs", "timeout", "doas",        "chroot",
      "stdbuf", "@",    "-",       "&",       "call", "begin", "SHELL",   "HEALTHCHECK", "retry"};
  return std::ranges::find(kWords, word) != kWords.end();
}

bool sets_variables(std::string_view word) {
  constexpr std::array<std::string_view, 13> kWords = {
      "export",  "env",   "ENV",      "ARG",     "set",    "setx", "SET",
      "declare", "local", "readonly", "typeset", "setenv", "LABEL"};
  return std::ranges::find(kWords, word) != kWords.end();
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<ScriptCommand> run() {
    while (at_ < text_.size()) {
      step();
    }
    finish();
    return std::move(commands_);
  }

 private:
  [[nodiscard]] char ahead(std::size_t count = 1) const {
    return at_ + count < text_.size() ? text_[at_ + count] : '\0';
  }

  void step() {
    const char c = text_[at_];
    const bool spaced =
        at_ == 0 || std::string_view(" \t\n;").find(text_[at_ - 1]) != std::string_view::npos;
    if (c == '\n') {
      ++at_;
      finish();
      here_documents();
    } else if ((c == '\\' || c == '`') && line_continues()) {
      at_ += ahead() == '\r' ? 3U : 2U;
      skip_comment_lines();
    } else if (c == '#' && spaced) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (std::string_view(";|&(){}`").find(c) != std::string_view::npos) {
      ++at_;
      finish();
    } else if (c == '<' && ahead() == '<' && ahead(2) != '<') {
      here_document();
    } else if (std::string_view(" \t\r,[]<>").find(c) != std::string_view::npos) {
      ++at_;
    } else {
      word();
    }
  }

  [[nodiscard]] bool line_continues() const {
    return ahead() == '\n' || (ahead() == '\r' && ahead(2) == '\n');
  }

  // A comment between the lines of a continued command (Dockerfiles have them).
  void skip_comment_lines() {
    while (true) {
      const std::size_t start = text_.find_first_not_of(" \t", at_);
      if (start == std::string_view::npos || text_[start] != '#') {
        return;
      }
      const std::size_t newline = text_.find('\n', start);
      at_ = newline == std::string_view::npos ? text_.size() : newline + 1;
    }
  }

  void word() {
    ScriptWord word{.begin = at_};
    const std::size_t before = at_;
    while (at_ < text_.size() && !ends_word(word)) {
      word_part(word);
    }
    if (at_ == before) {
      ++at_;
    }
    word.end = std::min(at_, text_.size());
    if (current_.words.size() < kMaxWords && !word.text.empty()) {
      current_.words.push_back(std::move(word));
    }
  }

  [[nodiscard]] bool ends_word(const ScriptWord& word) const {
    const char c = text_[at_];
    const bool of_list = (c == ']' || c == ',') && word.quoted;  // ["curl", "-k"]
    const bool line_end = c == '\\' && (ahead() == '\n' || ahead() == '\r');
    return of_list || line_end ||
           std::string_view(" \t\r\n;|&()<>").find(c) != std::string_view::npos;
  }

  void word_part(ScriptWord& word) {
    const char c = text_[at_];
    if (c == '\'' || c == '"') {
      quoted(word, c);
    } else if (c == '\\' && at_ + 1 < text_.size()) {
      word.text += text_[at_ + 1];
      at_ += 2;
    } else if (c == '$' && ahead() == '(') {
      substitution(word);
    } else {
      word.text += c;
      ++at_;
    }
  }

  // "$(...)": a command of its own inside a word of this one.
  void substitution(ScriptWord& word) {
    const std::size_t begin = at_ + 2;
    std::size_t end = begin;
    for (int open = 1; end < text_.size(); ++end) {
      open += text_[end] == '(' ? 1 : 0;
      open -= text_[end] == ')' ? 1 : 0;
      if (open == 0) {
        break;
      }
    }
    inside(begin, end);
    word.text += '$';
    at_ = std::min(end + 1, text_.size());
  }

  void inside(std::size_t begin, std::size_t end) {
    constexpr int kMaxDepth = 8;
    if (depth_ >= kMaxDepth) {
      return;
    }
    Splitter splitter(text_.substr(begin, end - begin));
    splitter.depth_ = depth_ + 1;
    for (ScriptCommand& command : splitter.run()) {
      for (auto* words : {&command.words, &command.assignments}) {
        for (ScriptWord& one : *words) {
          one.begin += begin;
          one.end += begin;
        }
      }
      commands_.push_back(std::move(command));
    }
  }

  void quoted(ScriptWord& word, char quote) {
    word.quoted = true;
    ++at_;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && quote == '"' && at_ + 1 < text_.size()) {
        ++at_;
      } else if (quote == '"' && text_.substr(at_).starts_with("$(")) {
        substitution(word);
        continue;
      }
      word.text += text_[at_];
      ++at_;
    }
    ++at_;
  }

  void here_document() {
    at_ += 2;
    const bool dash = at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '~');
    at_ += dash ? 1U : 0U;
    std::size_t end = at_;
    while (end < text_.size() && (text_[end] == '\'' || text_[end] == '"')) {
      ++end;
    }
    const std::size_t begin = end;
    while (end < text_.size() &&
           (is_name(text_.substr(end, 1)) || (text_[end] >= '0' && text_[end] <= '9'))) {
      ++end;
    }
    if (end > begin) {
      documents_.emplace_back(text_.substr(begin, end - begin));
      const std::string_view program = current_.program();
      read_by_shell_ = program == "bash" || program == "sh" || program == "ssh" || program == "zsh";
    }
    at_ = end;
    while (at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"')) {
      ++at_;
    }
  }

  void here_documents() {
    for (const std::string& mark : documents_) {
      std::size_t line = at_;
      while (line < text_.size()) {
        const std::size_t newline = std::min(text_.find('\n', line), text_.size());
        std::string_view content = text_.substr(line, newline - line);
        const std::size_t start = std::min(content.find_first_not_of(" \t"), content.size());
        content.remove_prefix(start);
        if (content.ends_with('\r')) {
          content.remove_suffix(1);
        }
        line = std::min(newline + 1, text_.size());
        if (content == mark) {
          break;
        }
      }
      if (!read_by_shell_) {
        at_ = line;
      }
    }
    documents_.clear();
  }

  void finish() {
    if (!current_.words.empty()) {
      strip();
      if (!current_.words.empty() || !current_.assignments.empty()) {
        commands_.push_back(std::move(current_));
      }
    }
    current_ = {};
  }

  // Prefixes, assignments, and the options of prefixes.
  void strip() {
    auto& words = current_.words;
    std::size_t first = 0;
    bool after_prefix = false;
    while (first < words.size()) {
      const ScriptWord& word = words[first];
      std::string_view text = word.text;
      if (first == 0 && (text.starts_with('@') || text.starts_with('-')) && text.size() > 2 &&
          text[1] != '-') {
        text.remove_prefix(1);  // of Makefiles
        words[first].text = std::string(text);
        continue;
      }
      if (is_assignment(word)) {
        current_.assignments.push_back(word);
      } else if (sets_variables(text)) {
        take_assignments(first + 1);
        // "env X=1 program" goes on; the others end here.
        if (text != "env") {
          first = words.size();
          break;
        }
      } else if (is_prefix(text)) {
        after_prefix = true;
      } else if (after_prefix &&
                 (text.starts_with('-') ||
                  text.find_first_not_of("0123456789smh.") == std::string_view::npos)) {
        // an option of the prefix
      } else {
        break;
      }
      ++first;
    }
    words.erase(words.begin(),
                words.begin() + static_cast<std::ptrdiff_t>(std::min(first, words.size())));
  }

  void take_assignments(std::size_t from) {
    const auto& words = current_.words;
    for (std::size_t i = from; i < words.size(); ++i) {
      if (is_assignment(words[i])) {
        current_.assignments.push_back(words[i]);
      } else if (is_name(words[i].text) && i == from && i + 1 < words.size()) {
        ScriptWord pair = words[i];  // "ENV NAME value", "setx NAME value"
        pair.text += "=" + words[i + 1].text;
        pair.end = words[i + 1].end;
        current_.assignments.push_back(std::move(pair));
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  ScriptCommand current_;
  int depth_ = 0;
  std::vector<ScriptCommand> commands_;
  std::vector<std::string> documents_;
  bool read_by_shell_ = false;
};

}  // namespace

std::string_view ScriptCommand::program() const {
  if (words.empty()) {
    return {};
  }
  std::string_view name = words.front().text;
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  for (const std::string_view ending : {".exe", ".cmd", ".bat"}) {
    if (name.ends_with(ending)) {
      name.remove_suffix(ending.size());
    }
  }
  return name;
}

std::vector<ScriptCommand> commands_of(std::string_view text) {
  return Splitter(text).run();
}

}  // namespace medic::audit
