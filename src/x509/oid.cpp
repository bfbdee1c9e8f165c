#include "x509/oid.h"

#include <charconv>
#include <limits>

namespace medic::x509 {
namespace {

void append_number(std::string& text, std::uint64_t value) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  text.append(digits.data(), end);
}

}  // namespace

std::string dotted(ByteView oid) {
  std::string text;
  std::uint64_t arc = 0;
  for (const std::uint8_t octet : oid) {
    if (arc > (std::numeric_limits<std::uint64_t>::max() >> 7U)) {
      return "0x" + hex(oid);
    }
    arc = (arc << 7U) | (octet & 0x7FU);
    if ((octet & 0x80U) != 0) {
      continue;
    }
    if (text.empty()) {
      const std::uint64_t top = std::min<std::uint64_t>(arc / 40, 2);
      append_number(text, top);
      arc -= top * 40;
    }
    text += '.';
    append_number(text, arc);
    arc = 0;
  }
  return text;
}

}  // namespace medic::x509
