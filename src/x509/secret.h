#pragma once

// Octets that are wiped from memory when they are no longer needed: private keys.

#include <cstddef>
#include <memory>

#include "base/bytes.h"

namespace medic::x509 {

class SecretBytes {
 public:
  SecretBytes() = default;
  // Copies; the caller wipes what it copied from.
  explicit SecretBytes(ByteView bytes);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  [[nodiscard]] ByteView view() const { return {bytes_.get(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  void wipe();

  std::unique_ptr<std::uint8_t[]> bytes_;  // never grows: a vector would leave copies behind
  std::size_t size_ = 0;
};

}  // namespace medic::x509
