#pragma once

// The part of TLS 1.3's key schedule that ends with the handshake keys (RFC 8446 section 7.1), and
// records under them (section 5.2). Hashes, ciphers and their contexts are made once. For one
// thread.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "tlswire/wire.h"

namespace medic::tlswire {

enum class Suite : std::uint16_t {
  Aes128GcmSha256 = 0x1301,
  Aes256GcmSha384 = 0x1302,
  ChaCha20Poly1305Sha256 = 0x1303,
};
std::optional<Suite> suite_of(std::uint16_t cipher);

// One direction of one connection.
struct TrafficKeys {
  std::array<std::uint8_t, 32> key{};
  std::array<std::uint8_t, 12> iv{};
  std::uint64_t sequence = 0;
};

struct HandshakeKeys {
  TrafficKeys client;
  TrafficKeys server;
};

// A hash value; `size` of it count.
struct Hash {
  std::array<std::uint8_t, 48> octets{};
  std::size_t size = 0;
  [[nodiscard]] ByteView view() const { return ByteView(octets).first(size); }
};

class Protection {
 public:
  Protection();
  ~Protection();
  Protection(const Protection&) = delete;
  Protection& operator=(const Protection&) = delete;
  Protection(Protection&&) = delete;
  Protection& operator=(Protection&&) = delete;

  // Of the messages one after the other, with the suite's hash.
  Hash hash(Suite suite, std::initializer_list<ByteView> parts);
  // `transcript`: hash of ClientHello to ServerHello.
  HandshakeKeys handshake_keys(Suite suite, ByteView shared_secret, const Hash& transcript);

  // A record's payload as it stood on the wire; none: it was not made with these keys. The content
  // type is the last octet that is not zero, and is left in place.
  std::optional<Bytes> open(Suite suite, TrafficKeys& keys, ByteView header, ByteView sealed);
  // A whole record, header included.
  Bytes seal(Suite suite, TrafficKeys& keys, ContentType type, ByteView plain);

 private:
  struct Contexts;

  Hash hmac(Suite suite, ByteView key, std::initializer_list<ByteView> parts);
  void expand_label(Suite suite, const Hash& secret, std::string_view label, ByteView context,
                    std::span<std::uint8_t> out);
  Hash derived(Suite suite, const Hash& secret, std::string_view label, const Hash& context);
  TrafficKeys traffic_keys(Suite suite, const Hash& secret);

  std::unique_ptr<Contexts> contexts_;
};

}  // namespace medic::tlswire
