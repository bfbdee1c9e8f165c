#pragma once

// Reads big-endian fields of TLS structures. The first read past the end makes it `bad`; from then
// on every read gives zero or nothing, so callers check once at the end of a structure.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace medic {

class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] bool bad() const { return bad_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

  std::uint32_t number(std::size_t octets) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : take(octets)) {
      value = value << 8U | byte;
    }
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }

  ByteView take(std::size_t count) {
    if (bad_ || count > rest_.size()) {
      bad_ = true;
      rest_ = {};
      return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  // A vector with its length in front, in 1, 2 or 3 octets (RFC 8446 section 3.4).
  ByteView vector(std::size_t length_octets) {
    const std::uint32_t length = number(length_octets);
    return take(length);
  }

 private:
  ByteView rest_;
  bool bad_ = false;
};

}  // namespace medic
