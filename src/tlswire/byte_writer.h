#pragma once

// Writes big-endian fields of TLS structures; the counterpart of base/byte_reader.h.

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/bytes.h"

namespace medic::tlswire {

class ByteWriter {
 public:
  explicit ByteWriter(Bytes& out) : out_(out) {}

  void number(std::size_t octets, std::size_t value) {
    for (std::size_t i = octets; i-- > 0;) {
      out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
  }
  void u8(std::uint8_t value) { out_.push_back(value); }
  void u16(std::uint16_t value) { number(2, value); }
  void bytes(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  // Whatever `body` writes, with its length in front.
  template <class Body>
  void vector(std::size_t length_octets, Body body) {
    const std::size_t start = out_.size();
    out_.insert(out_.end(), length_octets, 0);
    body();
    const std::size_t size = out_.size() - start - length_octets;
    for (std::size_t i = 0; i < length_octets; ++i) {
      out_[start + i] = static_cast<std::uint8_t>(size >> (8 * (length_octets - 1 - i)));
    }
  }

 private:
  Bytes& out_;
};

}  // namespace medic::tlswire
