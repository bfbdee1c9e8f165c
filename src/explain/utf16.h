#pragma once

// UTF-16, as PowerShell's redirections and many Windows logs are written.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace medic::explain {

enum class ByteOrder { Little, Big };

// By its byte order mark, or by zero bytes in every other place of mostly ASCII text; none: bytes.
std::optional<ByteOrder> utf16_order(std::string_view first_bytes);

// Keeps what a piece cuts in half. A lone surrogate becomes U+FFFD.
class Utf16Decoder {
 public:
  std::string utf8(std::string_view bytes, ByteOrder order);

 private:
  void add(std::uint32_t unit, std::string& out);

  std::optional<unsigned char> half_;       // the first byte of a unit
  std::optional<std::uint32_t> surrogate_;  // the first unit of a pair
};

}  // namespace medic::explain
