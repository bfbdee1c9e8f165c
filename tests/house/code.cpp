#include "tests/house/code.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace medic::house {
namespace {

class Splitter {
 public:
  explicit Splitter(std::string_view source) : source_(source) {}

  Code split() {
    while (at_ < source_.size()) {
      step();
    }
    return std::move(code_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return source_.substr(at_); }
  [[nodiscard]] bool in_number() const {
    // 1'000'000: a quote between digits separates them.
    return at_ > 0 && at_ + 1 < source_.size() && std::isxdigit(source_[at_ - 1]) != 0 &&
           std::isxdigit(source_[at_ + 1]) != 0;
  }

  // Passes over `count` characters; those kept stay visible, the others become blanks.
  std::string skip(std::size_t count, bool keep) {
    const std::string_view passed = rest().substr(0, count);
    for (const char c : passed) {
      line_ += c == '\n' ? 1 : 0;
      code_.bare += keep || c == '\n' ? c : ' ';
    }
    at_ += passed.size();
    return std::string(passed);
  }

  void comment(std::size_t length) {
    const int line = line_;
    code_.comments.push_back({.line = line, .text = skip(length, false)});
  }

  void raw_literal() {
    const std::size_t open = rest().find('(');
    const std::string close = ")" + std::string(rest().substr(2, open - 2)) + "\"";
    const std::size_t end = rest().find(close, open);
    skip(open + 1, true);
    const int line = line_;
    code_.literals.push_back({.line = line, .text = skip(end - open - 1, false)});
    skip(close.size(), true);
  }

  void literal(char quote) {
    skip(1, true);
    std::size_t end = 0;
    while (end < rest().size() && rest()[end] != quote && rest()[end] != '\n') {
      end += rest()[end] == '\\' ? 2U : 1U;
    }
    const int line = line_;
    std::string text = skip(end, false);
    if (quote == '"') {
      code_.literals.push_back({.line = line, .text = std::move(text)});
    }
    skip(1, true);
  }

  void step() {
    if (rest().starts_with("//")) {
      comment(std::min(rest().find('\n'), rest().size()));
    } else if (rest().starts_with("/*")) {
      const std::size_t end = rest().find("*/");
      comment(end == std::string_view::npos ? rest().size() : end + 2);
    } else if (rest().starts_with("R\"")) {
      raw_literal();
    } else if (rest().front() == '"' || (rest().front() == '\'' && !in_number())) {
      literal(rest().front());
    } else {
      skip(1, true);
    }
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int line_ = 1;
  Code code_;
};

}  // namespace

Code split_code(std::string_view source) {
  return Splitter(source).split();
}

}  // namespace medic::house
