#include "x509/oid.h"

#include <charconv>
#include <limits>

namespace medic::x509 {
namespace {

constexpr std::size_t kArcDigits = 21;  // a dot and the digits of 2^64

char* write_number(char* at, std::uint64_t value) {
  if (value < 10) {
    *at = static_cast<char>('0' + value);
    return at + 1;
  }
  return std::to_chars(at, at + kArcDigits, value).ptr;
}

}  // namespace

std::string dotted(ByteView oid) {
  // Every arc takes at least one octet; the first octet stands for two.
  constexpr std::size_t kMostOctets = 32;
  if (oid.size() > kMostOctets) {
    return "0x" + hex(oid);
  }
  // Written before it is read; zeroing it would cost more than the rest.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  std::array<char, (kMostOctets + 1) * kArcDigits> text;
  char* at = text.data();
  std::uint64_t arc = 0;
  for (const std::uint8_t octet : oid) {
    if (arc > (std::numeric_limits<std::uint64_t>::max() >> 7U)) {
      return "0x" + hex(oid);
    }
    arc = (arc << 7U) | (octet & 0x7FU);
    if ((octet & 0x80U) != 0) {
      continue;
    }
    if (at == text.data()) {
      const std::uint64_t top = std::min<std::uint64_t>(arc / 40, 2);
      at = write_number(at, top);
      arc -= top * 40;
    }
    *at++ = '.';
    at = write_number(at, arc);
    arc = 0;
  }
  return {text.data(), at};
}

}  // namespace medic::x509
