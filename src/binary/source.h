#pragma once

// Bounds-checked reads at offsets. Internal to this module. A read outside gives zero or nothing
// and is remembered, so that a parser may read on and ask once.

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace medic::binary {

class Source {
 public:
  explicit Source(ByteView bytes, bool big_endian = false) : bytes_(bytes), big_(big_endian) {}

  [[nodiscard]] ByteView bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }
  [[nodiscard]] bool big_endian() const { return big_; }
  [[nodiscard]] bool has(std::uint64_t offset, std::uint64_t count) const {
    return offset <= bytes_.size() && count <= bytes_.size() - offset;
  }
  // False once any read was outside; asking forgets it.
  [[nodiscard]] bool take_ok() {
    const bool was = ok_;
    ok_ = true;
    return was;
  }

  void forget() { ok_ = true; }

  std::uint8_t u8(std::uint64_t offset) { return static_cast<std::uint8_t>(number(offset, 1)); }
  std::uint16_t u16(std::uint64_t offset) { return static_cast<std::uint16_t>(number(offset, 2)); }
  std::uint32_t u32(std::uint64_t offset) { return static_cast<std::uint32_t>(number(offset, 4)); }
  std::uint64_t u64(std::uint64_t offset) { return number(offset, 8); }
  // Four or eight octets, as the image's word is.
  std::uint64_t word(std::uint64_t offset, bool wide) { return number(offset, wide ? 8 : 4); }
  // Up to the next zero octet and not beyond `end`; one without an end, or of more than 4096
  // octets (PATH_MAX), is outside.
  std::string string(std::uint64_t offset, std::uint64_t end);
  std::string string(std::uint64_t offset) { return string(offset, size()); }

 private:
  std::uint64_t number(std::uint64_t offset, unsigned count);

  ByteView bytes_;
  bool big_;
  bool ok_ = true;
};

}  // namespace medic::binary
