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

// The length of the UTF-8 sequence at the start of `text` that is safe to show, or 0.
std::size_t showable(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = at(0);
  if (first < 0x80) {
    return first >= 0x20 && first != 0x7F ? 1 : 0;
  }
  std::size_t length = 0;
  std::uint32_t point = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
    point = first & 0x1FU;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    point = first & 0x0FU;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    point = first & 0x07U;
  }
  if (length == 0 || text.size() < length) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0U) != 0x80U) {
      return 0;
    }
    point = (point << 6U) | (at(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  const bool c1_control = point < 0xA0;
  // Direction marks and overrides can make a host name read as another one.
  const bool direction = (point >= 0x200B && point <= 0x200F) ||
                         (point >= 0x202A && point <= 0x202E) ||
                         (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF;
  return overlong || surrogate || c1_control || direction || point > 0x10FFFF ? 0 : length;
}

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
  std::uint32_t group = 0;
  int digits = 0;
  int padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      continue;
    }
    const std::int8_t value = kBase64Values[static_cast<std::uint8_t>(c)];
    if (c == '=' && digits + padding >= 2 && padding < 2) {
      ++padding;
    } else if (value < 0 || padding > 0) {
      return fail(ErrorKind::Data,
                  fmt::format("not base64 at offset {}: '{}'", i, escaped(text.substr(i, 1))));
    } else {
      group = (group << 6U) | static_cast<std::uint32_t>(value);
      ++digits;
    }
    if (digits + padding == 4) {
      group <<= static_cast<unsigned>(6 * padding);
      bytes.push_back(static_cast<std::uint8_t>(group >> 16U));
      if (padding < 2) {
        bytes.push_back(static_cast<std::uint8_t>((group >> 8U) & 0xFFU));
      }
      if (padding < 1) {
        bytes.push_back(static_cast<std::uint8_t>(group & 0xFFU));
      }
      group = 0;
      digits = 0;
      if (padding > 0) {
        // Only white space may follow; a further digit is refused above because padding stays set.
        padding = 3;
      }
    }
  }
  if (digits != 0 || padding == 1 || padding == 2) {
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
