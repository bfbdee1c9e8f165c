#include "explain/squeezed.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "explain/line_prefix.h"

namespace medic::explain {
namespace {

// A line end after this many columns may have cut a word; shorter lines end where they end.
constexpr std::size_t kWrapColumns = 40;
constexpr char kEscape = '\033';

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

std::optional<std::uint32_t> hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    const char l = lower(c);
    if (is_digit(l)) {
      value = value * 16 + static_cast<std::uint32_t>(l - '0');
    } else if (l >= 'a' && l <= 'f') {
      value = value * 16 + static_cast<std::uint32_t>(l - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

class Squeezer {
 public:
  explicit Squeezer(std::string_view text) : text_(text) {
    out_.chars.reserve(text.size());
    out_.shown.reserve(text.size());
    out_.from.reserve(text.size());
    out_.gaps.reserve(text.size());
  }

  Squeezed run() {
    while (at_ < text_.size()) {
      if (line_start_) {
        at_ = std::min(text_.size(), at_ + prefix_length(text_.substr(at_)));
        line_start_ = false;
        continue;
      }
      step();
    }
    return std::move(out_);
  }

 private:
  void step() {
    const char c = text_[at_];
    switch (c) {
      case '\n':
        end_line();
        ++at_;
        return;
      case '\\':
        backslash();
        return;
      case '&':
        entity();
        return;
      case kEscape:
        ++at_;
        skip_control_sequence();
        return;
      case '[':
        bracket();
        return;
      case '#':
        octal();
        return;
      case '|':
        bar();
        return;
      case '"':
        // A quote in a field of a CSV file is written twice (RFC 4180 2.7).
        at_ += text_.substr(at_).starts_with("\"\"") ? 1U : 0U;
        append('"', at_);
        ++at_;
        return;
      default:
        plain(c);
    }
  }

  void plain(char c) {
    if (static_cast<unsigned char>(c) >= 0x80U) {
      high_byte();
      return;
    }
    if (c == ' ' || c == '\t' || c == '\v' || c == '\f') {
      blank();
    } else if (c == '\r') {
      gap_ = std::max(gap_, Gap::Line);  // a progress bar draws itself again
    } else if (c > ' ' && c != '\x7f') {
      append(c, at_);
    }
    ++at_;
  }

  void blank() {
    in_path_ = false;
    if (gap_ == Gap::None) {
      gap_ = Gap::Blank;
    } else if (gap_ == Gap::Wrap) {
      gap_ = Gap::Line;  // the next line is indented: it was not cut inside a word
    }
  }

  void end_line() {
    const bool blank_before = gap_ != Gap::None;
    const bool indented =
        at_ + 1 < text_.size() && (text_[at_ + 1] == ' ' || text_[at_ + 1] == '\t');
    gap_ = !blank_before && !indented && at_ - line_begin_ >= kWrapColumns ? Gap::Wrap : Gap::Line;
    line_begin_ = at_ + 1;
    line_start_ = true;
    in_path_ = false;
  }

  void append(char c, std::size_t from) {
    if (c == '"' || c == '\'' || c == '<' || c == '>' || c == '|') {
      in_path_ = false;
    }
    out_.chars.push_back(lower(c));
    out_.shown.push_back(c);
    out_.from.push_back(static_cast<std::uint32_t>(from));
    out_.gaps.push_back(gap_);
    gap_ = Gap::None;
  }

  // A character that was written as an escape: it may be anything.
  void append_code_point(std::uint32_t code, std::size_t from) {
    if (code == 0x1b) {
      skip_control_sequence();
    } else if (code == '\n' || code == '\r') {
      gap_ = std::max(gap_, Gap::Line);
    } else if (code <= ' ' || code == 0xa0) {
      blank();
    } else if (code == 0x2018 || code == 0x2019) {
      append('\'', from);
    } else if (code == 0x201c || code == 0x201d) {
      append('"', from);
    } else if (code < 0x7f) {
      append(static_cast<char>(code), from);
    } else if (code >= 0x200b && code <= 0x200f) {
      return;  // zero width
    } else {
      append_utf8(code, from);
    }
  }

  void append_utf8(std::uint32_t code, std::size_t from) {
    const auto byte = [&](std::uint32_t value) {
      append(static_cast<char>(static_cast<unsigned char>(value)), from);
    };
    if (code < 0x800) {
      byte(0xc0U | (code >> 6U));
    } else if (code < 0x10000) {
      byte(0xe0U | (code >> 12U));
      byte(0x80U | ((code >> 6U) & 0x3fU));
    } else {
      byte(0xf0U | ((code >> 18U) & 0x07U));
      byte(0x80U | ((code >> 12U) & 0x3fU));
      byte(0x80U | ((code >> 6U) & 0x3fU));
    }
    byte(0x80U | (code & 0x3fU));
  }

  // Typographic quotes and blanks count as plain ones; the rest is kept as it is, valid or not.
  void high_byte() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("\xc2\xa0")) {
      blank();
      at_ += 2;
      return;
    }
    if (rest.size() >= 3 && (rest.starts_with("\xe2\x80") || rest.starts_with("\xef\xbb\xbf"))) {
      const std::uint32_t code = rest[0] == '\xef'
                                     ? 0x200bU  // a byte order mark
                                     : 0x2000U + (static_cast<unsigned char>(rest[2]) & 0x3fU);
      const std::size_t from = at_;
      at_ += 3;
      append_code_point(code, from);
      return;
    }
    // U+2500 to U+259F: the frames of boxes and the blocks of progress bars.
    if (rest.size() >= 3 && (rest.starts_with("\xe2\x94") || rest.starts_with("\xe2\x95") ||
                             rest.starts_with("\xe2\x96"))) {
      blank();
      at_ += 3;
      return;
    }
    append(text_[at_], at_);
    ++at_;
  }

  // Behind an escape character: "[31m" (ECMA-48 CSI), "]0;title BEL" (OSC), or one more character.
  void skip_control_sequence() {
    if (at_ >= text_.size()) {
      return;
    }
    const char kind = text_[at_++];
    if (kind == '[') {
      while (at_ < text_.size() &&
             (is_digit(text_[at_]) || text_[at_] == ';' || text_[at_] == '?')) {
        ++at_;
      }
      if (at_ < text_.size() && text_[at_] >= '@' && text_[at_] <= '~') {
        ++at_;
      }
    } else if (kind == ']') {
      const std::size_t end = text_.substr(0, at_ + 256).find_first_of("\a\n", at_);
      at_ = end == std::string_view::npos ? at_ : end + (text_[end] == '\a' ? 1 : 0);
    }
  }

  // "[0;31m" whose escape character was lost on the way (a log viewer, a chat).
  void bracket() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && end - at_ < 12 && (is_digit(text_[end]) || text_[end] == ';')) {
      ++end;
    }
    if (end > at_ + 1 && end < text_.size() && text_[end] == 'm' &&
        (end + 1 == text_.size() || !is_digit(text_[end + 1]))) {
      at_ = end + 1;
      return;
    }
    append('[', at_);
    ++at_;
  }

  // "#012": a control character as rsyslog writes it into one line.
  void octal() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("#012") || rest.starts_with("#015")) {
      gap_ = std::max(gap_, Gap::Line);
      at_ += 4;
    } else if (rest.starts_with("#011")) {
      blank();
      at_ += 4;
    } else if (rest.starts_with("#033")) {
      at_ += 4;
      skip_control_sequence();
    } else {
      append('#', at_);
      ++at_;
    }
  }

  // The right edge of a table.
  void bar() {
    const std::size_t next =
        text_.substr(0, at_ + kWrapColumns).find_first_not_of(" \t\r", at_ + 1);
    if (next < text_.size() && text_[next] == '\n') {
      blank();
    } else {
      append('|', at_);
    }
    ++at_;
  }

  [[nodiscard]] bool begins_windows_path() const {
    const std::size_t n = out_.chars.size();
    return gap_ == Gap::None && n >= 2 && out_.chars[n - 1] == ':' && is_word(out_.chars[n - 2]) &&
           (n == 2 || out_.at_border(n - 2) || out_.chars[n - 3] == '/');
  }

  void backslash() {
    const std::size_t from = at_;
    const std::size_t end = std::min(text_.find_first_not_of('\\', at_), text_.size());
    at_ = end;
    if (end == text_.size()) {
      return;
    }
    in_path_ = in_path_ || begins_windows_path();
    if (in_path_ || !escape(from)) {
      append('\\', from);
    }
  }

  // The escape behind backslashes, however often it was escaped again; false: none we know.
  bool escape(std::size_t from) {
    const char c = text_[at_];
    switch (c) {
      case 'n':
      case 'r':
        gap_ = std::max(gap_, Gap::Line);
        ++at_;
        return true;
      case 't':
        blank();
        ++at_;
        return true;
      case '\n':
      case '\r':
      case '"':
      case '\'':
      case '/':
      case '`':
        return true;  // the character itself follows
      case 'u':
        return coded(from, 1, 4);
      case 'x':
        return coded(from, 1, 2);
      case 'e':
      case '0':
        return escaped_escape();
      default:
        return false;
    }
  }

  bool coded(std::size_t from, std::size_t skip, std::size_t digits) {
    const std::string_view code = text_.substr(std::min(at_ + skip, text_.size()), digits);
    const std::optional<std::uint32_t> value =
        code.size() == digits ? hex_value(code) : std::nullopt;
    if (!value) {
      return false;
    }
    at_ += skip + digits;
    append_code_point(*value, from);
    return true;
  }

  // An escape character that was written as an escape.
  bool escaped_escape() {
    for (const std::string_view word : {std::string_view("e["), std::string_view("033[")}) {
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size() - 1;
        skip_control_sequence();
        return true;
      }
    }
    return false;
  }

  void entity() {
    struct Named {
      std::string_view name;
      char is;
    };
    constexpr std::array<Named, 6> kNamed = {{{"&lt;", '<'},
                                              {"&gt;", '>'},
                                              {"&amp;", '&'},
                                              {"&quot;", '"'},
                                              {"&apos;", '\''},
                                              {"&nbsp;", ' '}}};
    const std::string_view rest = text_.substr(at_);
    const std::size_t from = at_;
    for (const Named& named : kNamed) {
      if (rest.starts_with(named.name)) {
        at_ += named.name.size();
        append_code_point(static_cast<std::uint32_t>(named.is), from);
        return;
      }
    }
    const std::size_t end = rest.substr(0, 9).find(';');
    if (rest.starts_with("&#") && end != std::string_view::npos &&
        numbered(rest.substr(2, end - 2))) {
      return;
    }
    append('&', at_);
    ++at_;
  }

  // The number of "&#39;" or "&#x27;".
  bool numbered(std::string_view number) {
    const bool hex = number.starts_with('x') || number.starts_with('X');
    std::optional<std::uint32_t> code;
    if (hex) {
      code = hex_value(number.substr(1));
    } else {
      code = 0;
      for (const char c : number) {
        code = is_digit(c) && code ? std::optional(*code * 10 + static_cast<std::uint32_t>(c - '0'))
                                   : std::nullopt;
      }
    }
    if (!code || *code == 0 || *code > 0x10ffff) {
      return false;
    }
    const std::size_t from = at_;
    at_ += number.size() + 3;
    append_code_point(*code, from);
    return true;
  }

  std::string_view text_;
  Squeezed out_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  Gap gap_ = Gap::None;
  bool line_start_ = true;
  bool in_path_ = false;  // inside C:\...: a backslash is no escape there
};

}  // namespace

bool Squeezed::at_border(std::size_t at) const {
  return at == 0 || at >= chars.size() || gaps[at] != Gap::None || !is_word(chars[at - 1]) ||
         !is_word(chars[at]);
}

std::string Squeezed::spaced(std::size_t begin, std::size_t end) const {
  std::string out;
  for (std::size_t i = begin; i < std::min(end, chars.size()); ++i) {
    if (i > begin && gaps[i] != Gap::None && gaps[i] != Gap::Wrap) {
      out += ' ';
    }
    out += shown[i];
  }
  return out;
}

Squeezed squeezed(std::string_view text) {
  return Squeezer(text).run();
}

std::string squeezed_literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      out.push_back(lower(c));
    }
  }
  return out;
}

}  // namespace medic::explain
