#include "explain/pattern.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "explain/squeezed.h"

namespace medic::explain {
namespace {

constexpr std::size_t kLongestWord = 253;  // of a place: a host name's longest, RFC 1035 2.3.4
constexpr std::size_t kLongestPath = 400;
constexpr std::size_t kLongestAny = 200;
// So many characters of a pattern are no chance, also where whole words end with the text.
constexpr std::size_t kSurelyCut = 24;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

struct Place {
  std::string_view name;
  std::string_view besides;  // characters it takes besides letters and digits
  std::size_t longest;
};

constexpr std::array<Place, 8> kPlaces = {{{"host", ".-_:[]*", kLongestWord},
                                           {"port", "", 5},
                                           {"path", "/\\.-_:~+@%(),=$&{}", kLongestPath},
                                           {"code", "-", 12},
                                           {"alert", "", 3},
                                           {"version", ".-+_", 40},
                                           {"word", "_-.", 80},
                                           {"any", "", kLongestAny}}};

const Place* find_place(std::string_view name) {
  const auto* at = std::find_if(kPlaces.begin(), kPlaces.end(),
                                [&](const Place& place) { return place.name == name; });
  return at == kPlaces.end() ? nullptr : at;
}

bool takes(const Place& place, char c) {
  if (place.name == "any") {
    return true;
  }
  if (place.name == "port" || place.name == "alert") {
    return c >= '0' && c <= '9';
  }
  return is_letter_or_digit(c) || place.besides.find(c) != std::string_view::npos;
}

// Whether a place may go on over what stood before a character.
bool bridges(const Place& place, Gap gap) {
  return place.name == "any" || gap == Gap::None || gap == Gap::Wrap;
}

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Whether the words, as written, have no blank behind their first `letters` characters.
bool is_inside_word(std::string_view written, std::size_t letters) {
  for (const char c : written) {
    if (letters == 0) {
      return c != ' ' && is_letter_or_digit(to_lower(c));
    }
    letters -= c == ' ' ? 0U : 1U;
  }
  return false;
}

bool literal_at(const Squeezed& text, std::size_t at, std::string_view literal) {
  return text.chars.compare(at, literal.size(), literal) == 0;
}

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
  Pattern pattern;
  std::string literal;
  const auto end_literal = [&] {
    if (const std::string squeezed = squeezed_literal(literal); !squeezed.empty()) {
      pattern.parts_.push_back({.literal = squeezed, .place = {}});
      pattern.written_.push_back(literal);
    }
    literal.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("{{") || rest.starts_with("}}")) {
      literal += text[i++];
    } else if (rest.starts_with('{')) {
      const std::size_t end = rest.find('}');
      const std::string_view name = rest.substr(1, end == std::string_view::npos ? end : end - 1);
      if (find_place(name) == nullptr) {
        return fail(ErrorKind::Data, fmt::format("'{{{}}}' is no place of a pattern", name));
      }
      end_literal();
      if (!pattern.parts_.empty() && !pattern.parts_.back().place.empty()) {
        return fail(ErrorKind::Data, "expected a literal between two places");
      }
      pattern.parts_.push_back({.literal = {}, .place = std::string(name)});
      i += end;
    } else {
      literal += text[i];
    }
  }
  end_literal();
  const auto longest = std::max_element(
      pattern.parts_.begin(), pattern.parts_.end(),
      [](const Part& a, const Part& b) { return a.literal.size() < b.literal.size(); });
  if (longest == pattern.parts_.end() || longest->literal.size() < kShortestAnchor) {
    return fail(
        ErrorKind::Data,
        fmt::format("expected {} characters or more in a row without a place", kShortestAnchor));
  }
  pattern.anchor_part_ = static_cast<std::size_t>(longest - pattern.parts_.begin());
  return pattern;
}

// `at`: behind the anchor; afterwards behind the pattern.
bool Pattern::forwards(const Squeezed& text, std::size_t& at, Found& found) const {
  for (std::size_t i = anchor_part_ + 1; i < parts_.size(); ++i) {
    if (parts_[i].place.empty()) {
      if (!literal_at(text, at, parts_[i].literal)) {
        return false;
      }
      at += parts_[i].literal.size();
      continue;
    }
    const Place& place = *find_place(parts_[i].place);
    const bool last = i + 1 == parts_.size();
    const std::size_t begin = at;
    while (at < text.chars.size() && at - begin < place.longest &&
           (last || !literal_at(text, at, parts_[i + 1].literal)) && takes(place, text.chars[at]) &&
           (at == begin || bridges(place, text.gaps[at]))) {
      ++at;
    }
    if (at == begin && place.name != "any") {
      return false;
    }
    if (place.name != "any") {
      found.captures[parts_[i].place] = text.spaced(begin, at);
    }
  }
  return true;
}

// `at`: the anchor's first character; afterwards the pattern's.
bool Pattern::backwards(const Squeezed& text, std::size_t& at, Found& found) const {
  for (std::size_t i = anchor_part_; i-- > 0;) {
    const std::string& literal = parts_[i].literal;
    if (parts_[i].place.empty()) {
      if (at < literal.size() || !literal_at(text, at - literal.size(), literal)) {
        return false;
      }
      at -= literal.size();
      continue;
    }
    const Place& place = *find_place(parts_[i].place);
    const auto reached = [&] {  // the literal before the place
      return i > 0 && at >= parts_[i - 1].literal.size() &&
             literal_at(text, at - parts_[i - 1].literal.size(), parts_[i - 1].literal);
    };
    const std::size_t end = at;
    while (at > 0 && end - at < place.longest && !reached() && takes(place, text.chars[at - 1]) &&
           (at == end || bridges(place, text.gaps[at]))) {
      --at;
    }
    if (at == end && place.name != "any") {
      return false;
    }
    if (place.name != "any") {
      found.captures[parts_[i].place] = text.spaced(at, end);
    }
  }
  return true;
}

bool Pattern::found_at(const Squeezed& text, std::size_t anchor_end, Found& found) const {
  if (anchor_end < anchor().size() || anchor_end > text.chars.size()) {
    return false;
  }
  std::size_t begin = anchor_end - anchor().size();
  std::size_t end = anchor_end;
  found.captures.clear();
  if (!backwards(text, begin, found) || !forwards(text, end, found) || !text.at_border(begin) ||
      !text.at_border(end)) {
    return false;
  }
  found.begin = begin;
  found.end = end;
  return true;
}

std::string Pattern::head(std::size_t length) const {
  const std::string& first = parts_.front().literal;
  return first.size() < length + 4 ? "" : first.substr(0, length);
}

bool Pattern::cut_at(const Squeezed& text, std::size_t head_begin, Found& found) const {
  const std::string& first = parts_.front().literal;
  std::size_t at = head_begin;
  std::size_t in = 0;
  while (at < text.chars.size() && in < first.size() && text.chars[at] == first[in]) {
    ++at;
    ++in;
  }
  if (in == first.size()) {
    return false;  // whole: found_at() finds it
  }
  // The end of a text is cut where it happens to be, mostly inside a word; a line or a quotation
  // rarely is, and ordinary words such as "the environment variable" begin many patterns.
  const bool inside_word = at > 0 && is_letter_or_digit(text.chars[at - 1]) &&
                           is_inside_word(written_.front(), in) && in * 2 >= first.size();
  const bool most_of_it = in * 8 >= first.size() * 7;
  const bool ended =
      at == text.chars.size()
          ? inside_word || (most_of_it && in >= kSurelyCut)
          : most_of_it && parts_.size() == 1 &&
                (text.gaps[at] == Gap::Line ||
                 std::string_view("'\"`").find(text.chars[at]) != std::string_view::npos);
  found.captures.clear();
  found.begin = head_begin;
  found.end = at;
  return ended && text.at_border(found.begin);
}

}  // namespace medic::explain
