#include "base/bytes.h"

#include <fmt/core.h>

namespace medic {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

constexpr std::array<std::int8_t, 256> base64_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64Digits.size(); ++i) {
    values[static_cast<std::uint8_t>(kBase64Digits[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}
constexpr std::array<std::int8_t, 256> kBase64Values = base64_values();

// The length that the first byte of a UTF-8 sequence promises, or 0 when none begins so.
std::size_t promised_length(std::uint8_t first) {
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    return 2;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    return 3;
  }
  return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

// Whether a code point written in `length` bytes may stand on a terminal: no control, no surrogate,
// no overlong form, and no direction mark or override, which can make a host name read as another
// one.
bool harmless(std::uint32_t point, std::size_t length) {
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
  const bool direction = (point >= 0x200B && point <= 0x200F) ||
                         (point >= 0x202A && point <= 0x202E) ||
                         (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF;
  return !overlong && !surrogate && !control && !direction && point <= 0x10FFFF;
}

// The length of the UTF-8 sequence at the start of `text` that is safe to show, or 0.
std::size_t showable(std::string_view text) {
  const ByteView bytes = as_bytes(text);
  const std::size_t length = promised_length(bytes[0]);
  if (length == 0 || bytes.size() < length) {
    return 0;
  }
  // What the first byte carries of the code point: 7, 5, 4 or 3 bits.
  std::uint32_t point = length == 1 ? bytes[0] : bytes[0] & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((bytes[i] & 0xC0U) != 0x80U) {
      return 0;
    }
    point = (point << 6U) | (bytes[i] & 0x3FU);
  }
  return harmless(point, length) ? length : 0;
}

// Four digits of base64, of which the last two may be padding.
class Base64Group {
 public:
  // False: `c` may not stand here. After a padded group nothing may follow.
  bool take(char c) {
    const std::int8_t value = kBase64Values[static_cast<std::uint8_t>(c)];
    if (c == '=' && digits_ >= 2 && !ended_) {
      ++padding_;
      return true;
    }
    if (value < 0 || padding_ > 0 || ended_) {
      return false;
    }
    bits_ = (bits_ << 6U) | static_cast<std::uint32_t>(value);
    ++digits_;
    return true;
  }

  // Appends the bytes of a full group and begins the next one.
  void finish(Bytes& bytes) {
    if (digits_ + padding_ < 4) {
      return;
    }
    bits_ <<= 6 * padding_;
    for (unsigned i = 0; i < 3 - padding_; ++i) {
      bytes.push_back(static_cast<std::uint8_t>((bits_ >> (16 - 8 * i)) & 0xFFU));
    }
    ended_ = padding_ > 0;
    bits_ = 0;
    digits_ = 0;
    padding_ = 0;
  }

  [[nodiscard]] bool complete() const { return digits_ == 0 && padding_ == 0; }

 private:
  std::uint32_t bits_ = 0;
  unsigned digits_ = 0;
  unsigned padding_ = 0;
  bool ended_ = false;
};

}  // namespace

std::string hex(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    text += kHexDigits[b >> 4U];
    text += kHexDigits[b & 0x0FU];
  }
  return text;
}

Result<Bytes> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) {
    return fail(ErrorKind::Data, "hexadecimal text has an odd number of digits");
  }
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) {
      return fail(ErrorKind::Data, fmt::format("not a hexadecimal digit at offset {}: '{}'", i,
                                               escaped(text.substr(i, 2))));
    }
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

std::string base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16U;
    group |= n > 1 ? static_cast<std::uint32_t>(bytes[i + 1]) << 8U : 0U;
    group |= n > 2 ? static_cast<std::uint32_t>(bytes[i + 2]) : 0U;
    text += kBase64Digits[(group >> 18U) & 0x3FU];
    text += kBase64Digits[(group >> 12U) & 0x3FU];
    text += n > 1 ? kBase64Digits[(group >> 6U) & 0x3FU] : '=';
    text += n > 2 ? kBase64Digits[group & 0x3FU] : '=';
  }
  return text;
}

Result<Bytes> parse_base64(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  Base64Group group;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      continue;
    }
    if (!group.take(c)) {
      return fail(ErrorKind::Data,
                  fmt::format("not base64 at offset {}: '{}'", i, escaped(text.substr(i, 1))));
    }
    group.finish(bytes);
  }
  if (!group.complete()) {
    return fail(ErrorKind::Data, "base64 text ends in the middle of a group");
  }
  return bytes;
}

std::string escaped(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    if (i >= limit) {
      out += "…";
      break;
    }
    const std::size_t length = showable(text.substr(i));
    if (length == 0) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[i]));
      ++i;
    } else {
      out += text.substr(i, length);
      i += length;
    }
  }
  return out;
}

}  // namespace medic
