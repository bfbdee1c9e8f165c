#include "x509/string_type.h"

#include <algorithm>

namespace medic::x509 {
namespace {

bool is_unicode(std::uint32_t point) {
  return point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto octet = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (point < 0x80) {
    octet(point);
  } else if (point < 0x800) {
    octet(0xC0U | (point >> 6U));
    octet(0x80U | (point & 0x3FU));
  } else if (point < 0x10000) {
    octet(0xE0U | (point >> 12U));
    octet(0x80U | ((point >> 6U) & 0x3FU));
    octet(0x80U | (point & 0x3FU));
  } else {
    octet(0xF0U | (point >> 18U));
    octet(0x80U | ((point >> 12U) & 0x3FU));
    octet(0x80U | ((point >> 6U) & 0x3FU));
    octet(0x80U | (point & 0x3FU));
  }
}

// The length of the well-formed sequence at the start of `text`, or 0.
std::size_t utf8_sequence(ByteView text) {
  const std::uint8_t first = text[0];
  if (first < 0x80) {
    return 1;
  }
  std::size_t length = 0;
  std::uint32_t least = 0;
  if ((first & 0xE0U) == 0xC0U) {
    length = 2;
    least = 0x80;
  } else if ((first & 0xF0U) == 0xE0U) {
    length = 3;
    least = 0x800;
  } else if ((first & 0xF8U) == 0xF0U) {
    length = 4;
    least = 0x10000;
  }
  if (length == 0 || text.size() < length) {
    return 0;
  }
  std::uint32_t point = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((text[i] & 0xC0U) != 0x80U) {
      return 0;
    }
    point = (point << 6U) | (text[i] & 0x3FU);
  }
  return point >= least && is_unicode(point) ? length : 0;
}

bool is_utf8(ByteView text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) {
      return false;
    }
    text = text.subspan(length);
  }
  return true;
}

std::string from_latin1(ByteView text) {
  const bool ascii =
      std::none_of(text.begin(), text.end(), [](std::uint8_t c) { return c >= 0x80; });
  if (ascii) {
    return std::string(as_text(text));
  }
  std::string out;
  out.reserve(text.size() * 2);
  for (const std::uint8_t octet : text) {
    append_utf8(out, octet);
  }
  return out;
}

// BMPString (2 octets a character) and UniversalString (4).
std::optional<std::string> from_wide(ByteView text, std::size_t width) {
  if (text.size() % width != 0) {
    return std::nullopt;
  }
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += width) {
    std::uint32_t point = 0;
    for (std::size_t k = 0; k < width; ++k) {
      point = (point << 8U) | text[i + k];
    }
    if (!is_unicode(point)) {
      return std::nullopt;
    }
    append_utf8(out, point);
  }
  return out;
}

}  // namespace

ValueKind value_kind(std::uint8_t tag) {
  switch (tag) {
    case der::kUtf8String:
    case der::kBmpString:
    case der::kUniversalString:
    case der::kPrintableString:
    case der::kT61String:
    case der::kIa5String:
      return ValueKind::Folded;
    case der::kNumericString:
    case der::kBitString:
    case der::kSequence:
    case 0x07:  // ObjectDescriptor, EXTERNAL, REAL and unassigned: "unknown" to OpenSSL, and let
                // pass
    case 0x28:
    case 0x09:
    case 0x2B:
    case 0x0D:
    case 0x0E:
    case 0x0F:
    case 0x1D:
      return ValueKind::Kept;
    default:
      return ValueKind::Refused;
  }
}

std::optional<std::string> utf8_value(const der::Element& value) {
  switch (value.tag) {
    case der::kUtf8String:
      if (!is_utf8(value.content)) {
        return std::nullopt;
      }
      return std::string(as_text(value.content));
    case der::kBmpString:
      return from_wide(value.content, 2);
    case der::kUniversalString:
      return from_wide(value.content, 4);
    case der::kPrintableString:
    case der::kT61String:
    case der::kIa5String:
    case der::kNumericString:
      return from_latin1(value.content);
    default:
      return "#" + hex(value.whole);  // RFC 4514 section 2.4
  }
}

}  // namespace medic::x509
