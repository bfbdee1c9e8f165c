#pragma once

// Bounds-checked reading of binary stores. After the first failure every read gives nothing, so a
// reader may read on and ask once.

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace medic::trust {

class Cursor {
 public:
  explicit Cursor(ByteView bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {
    ok_ = at <= bytes.size();
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return !ok_ || at_ == bytes_.size(); }
  [[nodiscard]] std::size_t at() const { return at_; }

  ByteView take(std::size_t count) {
    if (!ok_ || count > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }
  std::uint64_t big_endian(std::size_t octets) {
    std::uint64_t value = 0;
    for (const std::uint8_t octet : take(octets)) {
      value = (value << 8U) | octet;
    }
    return value;
  }
  std::uint32_t u16() { return static_cast<std::uint32_t>(big_endian(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(big_endian(4)); }
  std::uint32_t little_u32() {
    std::uint32_t value = 0;
    unsigned shift = 0;
    for (const std::uint8_t octet : take(4)) {
      value |= std::uint32_t{octet} << shift;
      shift += 8;
    }
    return value;
  }

 private:
  ByteView bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace medic::trust
