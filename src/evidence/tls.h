#pragma once

// Wire values that many modules name. Sources: RFC 8446, IANA "Transport Layer Security
// Parameters".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace medic::evidence {

enum class TlsVersion : std::uint16_t {
  Tls10 = 0x0301,
  Tls11 = 0x0302,
  Tls12 = 0x0303,
  Tls13 = 0x0304,
};

// "1.0" ... "1.3", as in profiles and JSON.
std::string_view version_text(TlsVersion version);
std::optional<TlsVersion> parse_version(std::string_view text);

// RFC 8446 section 6: "handshake_failure" for 40; "alert-<n>" for an unassigned code.
std::string alert_name(std::uint8_t code);

}  // namespace medic::evidence
