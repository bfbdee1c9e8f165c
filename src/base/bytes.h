#pragma once

// Byte buffers and their text forms.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace medic {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Sha256 = std::array<std::uint8_t, 32>;

// The bytes of `text` seen as octets; valid as long as `text` is.
inline ByteView as_bytes(std::string_view text) {
  // uint8_t may alias any object ([basic.lval]).
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower-case, no separators: the form of fingerprints everywhere.
std::string hex(ByteView bytes);
Result<Bytes> parse_hex(std::string_view text);

// RFC 4648 section 4. parse_base64 skips white space and refuses everything else.
std::string base64(ByteView bytes);
Result<Bytes> parse_base64(std::string_view text);

// Foreign text made safe for a terminal and for logs: control characters, escape sequences,
// bidirectional overrides and invalid UTF-8 become \xNN; at most `limit` bytes are shown, then "…".
std::string escaped(std::string_view text, std::size_t limit = 256);

}  // namespace medic
