#pragma once

// Bytes under construction: numbers in either order, and places that are filled in later.

#include <cstdint>
#include <string>
#include <string_view>

namespace medic::test {

class Octets {
 public:
  explicit Octets(bool big_endian = false) : big_(big_endian) {}

  [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  Octets& put(std::uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      bytes_ += octet(value, i, count);
    }
    return *this;
  }
  Octets& u8(std::uint64_t value) { return put(value, 1); }
  Octets& u16(std::uint64_t value) { return put(value, 2); }
  Octets& u32(std::uint64_t value) { return put(value, 4); }
  Octets& u64(std::uint64_t value) { return put(value, 8); }
  Octets& text(std::string_view text) {
    bytes_ += text;
    return *this;
  }
  Octets& pad(std::uint64_t multiple) {
    while (bytes_.size() % multiple != 0) {
      bytes_ += '\0';
    }
    return *this;
  }
  Octets& fill_to(std::uint64_t size) {
    bytes_.resize(size, '\0');
    return *this;
  }
  // A zero-ended string; where it begins.
  std::uint64_t string(std::string_view text) {
    const std::uint64_t at = bytes_.size();
    bytes_ += text;
    bytes_ += '\0';
    return at;
  }
  void set(std::uint64_t at, std::uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      bytes_[at + i] = octet(value, i, count);
    }
  }

 private:
  [[nodiscard]] char octet(std::uint64_t value, unsigned i, unsigned count) const {
    const unsigned shift = 8U * (big_ ? count - 1 - i : i);
    return static_cast<char>(static_cast<unsigned char>(value >> shift));
  }

  std::string bytes_;
  bool big_;
};

}  // namespace medic::test
