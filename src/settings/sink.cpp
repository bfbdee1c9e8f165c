#include "settings/sink.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "settings/document.h"

namespace medic::settings {
namespace {

constexpr std::size_t kShownBytes = 120;
constexpr unsigned long kReplacement = 0xFFFD;

}  // namespace

bool Entry::is(std::initializer_list<std::string_view> keys) const {
  return std::ranges::equal(path, keys);
}

const Entry* Document::find(std::initializer_list<std::string_view> keys) const {
  const auto found =
      std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& e) { return e.is(keys); });
  return found == entries.rend() ? nullptr : &*found;
}

bool Sink::add(Entry entry) {
  if (full_) {
    return false;
  }
  bytes_ += sizeof(Entry) + entry.value.size();
  for (const std::string& key : entry.path) {
    bytes_ += sizeof(std::string) + key.size();
  }
  if (bytes_ > kMaxDocumentBytes || document_.entries.size() >= kMaxEntries) {
    full_ = true;
    report(entry.line, "limit", "more settings than are read");
    return false;
  }
  document_.entries.push_back(std::move(entry));
  return true;
}

void Sink::include(Include include) {
  if (document_.includes.size() < kMaxEntries) {
    include.before = document_.entries.size();
    document_.includes.push_back(std::move(include));
  }
}

void Sink::report(int line, std::string_view id, std::string_view text) {
  if (document_.problems.size() < kMaxProblems) {
    document_.problems.push_back(
        {.line = line, .id = std::string(id), .text = escaped(text, kShownBytes)});
  }
}

Lines::Lines(std::string_view text) : rest_(text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (rest_.starts_with(kMark)) {
    rest_.remove_prefix(kMark.size());
  }
}

bool Lines::next(std::string_view& line) {
  if (rest_.empty()) {
    return false;
  }
  const std::size_t end = std::min(rest_.find('\n'), rest_.size());
  line = rest_.substr(0, end);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  while (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  ++number_;
  return true;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return out;
}

void append_utf8(std::string& out, unsigned long code_point) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
    code_point = kReplacement;
  }
  const auto put = [&](unsigned long octet) { out += static_cast<char>(octet); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | (code_point >> 6U));
    put(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0U | (code_point >> 12U));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  } else {
    put(0xF0U | (code_point >> 18U));
    put(0x80U | ((code_point >> 12U) & 0x3FU));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  }
}

bool to_utf8(std::string_view bytes, std::string& text) {
  const bool little = bytes.starts_with("\xFF\xFE");
  const bool big = bytes.starts_with("\xFE\xFF");
  if (!little && !big) {
    text = bytes;
    return true;
  }
  bytes.remove_prefix(2);
  const auto unit = [&](std::size_t at) {
    const unsigned long first = static_cast<unsigned char>(bytes[at]);
    const unsigned long second = static_cast<unsigned char>(bytes[at + 1]);
    return little ? first | (second << 8U) : second | (first << 8U);
  };
  text.clear();
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    unsigned long code_point = unit(at);
    if (code_point >= 0xD800 && code_point < 0xDC00 && at + 3 < bytes.size()) {
      const unsigned long low = unit(at + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (low - 0xDC00);
        at += 2;
      }
    }
    append_utf8(text, code_point);
  }
  return bytes.size() % 2 == 0;
}

}  // namespace medic::settings
