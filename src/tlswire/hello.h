#pragma once

// The ClientHello: TLS 1.3 and 1.2, offering what a current OpenSSL client offers at security level
// 2, so that a server chooses as it would for that client; what it then chooses and we cannot do
// ourselves is for libssl.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "tlswire/wire.h"

namespace medic::tlswire {

struct HelloText {
  std::string server_name;  // empty: no server_name extension (RFC 6066: never an address)
  std::array<std::uint8_t, 32> random{};
  // Sent although nothing is resumed: middleboxes know it so (RFC 8446 appendix D.4).
  std::array<std::uint8_t, 32> session_id{};
};

struct OfferedShare {
  Group group = Group::X25519;
  ByteView share;
};

// The handshake message with its header. `cookie`: of a HelloRetryRequest, or empty.
Bytes client_hello(const HelloText& text, const OfferedShare& share, ByteView cookie);

bool offers_cipher(std::uint16_t cipher);
bool offers_group(std::uint16_t group);
bool offers_scheme(std::uint16_t scheme);
// Whether a server may answer with this extension.
bool offers_extension(std::uint16_t type);
// Groups whose share we can make ourselves.
std::optional<Group> own_group(std::uint16_t group);

}  // namespace medic::tlswire
