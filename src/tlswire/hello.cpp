#include "tlswire/hello.h"

#include <algorithm>

#include "tlswire/byte_writer.h"

namespace medic::tlswire {
namespace {

// The three of TLS 1.3 as browsers order them (AES-128 costs servers and us least), then OpenSSL
// 3's default list at security level 2, then the signal of RFC 5746.
constexpr std::uint16_t kCiphers[] = {
    0x1301, 0x1302, 0x1303, 0xC02C, 0xC030, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC02B,
    0xC02F, 0x009E, 0xC024, 0xC028, 0x006B, 0xC023, 0xC027, 0x0067, 0xC00A, 0xC014,
    0x0039, 0xC009, 0xC013, 0x0033, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F,
};
constexpr std::uint16_t kRenegotiationSignal = 0x00FF;

// OpenSSL 3.0's default: x25519, P-256, x448, P-521, P-384, ffdhe2048 ... ffdhe8192.
constexpr std::uint16_t kGroups[] = {29, 23, 30, 25, 24, 256, 257, 258, 259, 260};

// OpenSSL 3.0's default at security level 2 (RFC 8446 section 4.2.3).
constexpr std::uint16_t kSchemes[] = {0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080A,
                                      0x080B, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601};

constexpr std::uint16_t kVersions[] = {kTls13, kTls12};

constexpr Extension kExtensions[] = {
    Extension::ServerName,
    Extension::StatusRequest,
    Extension::SupportedGroups,
    Extension::EcPointFormats,
    Extension::SignatureAlgorithms,
    Extension::EncryptThenMac,
    Extension::ExtendedMasterSecret,
    Extension::SessionTicket,
    Extension::SupportedVersions,
    Extension::PskKeyExchangeModes,
    Extension::KeyShare,
    Extension::RenegotiationInfo,
};

bool has(std::span<const std::uint16_t> values, std::uint16_t value) {
  return std::ranges::find(values, value) != values.end();
}

class ExtensionWriter {
 public:
  explicit ExtensionWriter(ByteWriter& out) : out_(out) {}

  template <class Body>
  void extension(Extension type, Body body) {
    out_.u16(static_cast<std::uint16_t>(type));
    out_.vector(2, body);
  }
  // A list of numbers with its length in front.
  void list(Extension type, std::size_t length_octets, std::span<const std::uint16_t> values) {
    extension(type, [&] {
      out_.vector(length_octets, [&] {
        for (const std::uint16_t value : values) {
          out_.u16(value);
        }
      });
    });
  }
  void empty(Extension type) {
    extension(type, [] {});
  }

 private:
  ByteWriter& out_;
};

void write_server_name(ByteWriter& out, ExtensionWriter& extensions, const std::string& name) {
  extensions.extension(Extension::ServerName, [&] {
    out.vector(2, [&] {
      out.u8(0);  // host_name
      out.vector(2, [&] { out.bytes(as_bytes(name)); });
    });
  });
}

void write_extensions(ByteWriter& out, const HelloText& text, const OfferedShare& share,
                      ByteView cookie) {
  ExtensionWriter extensions(out);
  if (!text.server_name.empty()) {
    write_server_name(out, extensions, text.server_name);
  }
  extensions.extension(Extension::EcPointFormats, [&] {
    out.vector(1, [&] { out.u8(0); });  // uncompressed
  });
  extensions.list(Extension::SupportedGroups, 2, kGroups);
  extensions.empty(Extension::SessionTicket);
  extensions.extension(Extension::StatusRequest, [&] {
    out.u8(1);   // ocsp
    out.u16(0);  // any responder
    out.u16(0);  // no request extensions
  });
  extensions.empty(Extension::EncryptThenMac);
  extensions.empty(Extension::ExtendedMasterSecret);
  extensions.list(Extension::SignatureAlgorithms, 2, kSchemes);
  extensions.list(Extension::SupportedVersions, 1, kVersions);
  if (!cookie.empty()) {
    extensions.extension(Extension::Cookie, [&] { out.vector(2, [&] { out.bytes(cookie); }); });
  }
  extensions.extension(Extension::PskKeyExchangeModes, [&] {
    out.vector(1, [&] { out.u8(1); });  // psk_dhe_ke
  });
  extensions.extension(Extension::KeyShare, [&] {
    out.vector(2, [&] {
      out.u16(static_cast<std::uint16_t>(share.group));
      out.vector(2, [&] { out.bytes(share.share); });
    });
  });
}

}  // namespace

Bytes client_hello(const HelloText& text, const OfferedShare& share, ByteView cookie) {
  Bytes message;
  message.reserve(384 + text.server_name.size() + cookie.size() + share.share.size());
  ByteWriter out(message);
  out.u8(static_cast<std::uint8_t>(HandshakeType::ClientHello));
  out.vector(3, [&] {
    out.u16(kTls12);  // legacy_version
    out.bytes(text.random);
    out.vector(1, [&] { out.bytes(text.session_id); });
    out.vector(2, [&] {
      for (const std::uint16_t cipher : kCiphers) {
        out.u16(cipher);
      }
      out.u16(kRenegotiationSignal);
    });
    out.vector(1, [&] { out.u8(0); });  // no compression
    out.vector(2, [&] { write_extensions(out, text, share, cookie); });
  });
  return message;
}

bool offers_cipher(std::uint16_t cipher) {
  return has(kCiphers, cipher);
}
bool offers_group(std::uint16_t group) {
  return has(kGroups, group);
}
bool offers_scheme(std::uint16_t scheme) {
  return has(kSchemes, scheme);
}
bool offers_extension(std::uint16_t type) {
  return std::ranges::find(kExtensions, static_cast<Extension>(type)) != std::end(kExtensions);
}

std::optional<Group> own_group(std::uint16_t group) {
  switch (static_cast<Group>(group)) {
    case Group::P256:
    case Group::P384:
    case Group::P521:
    case Group::X25519:
      return static_cast<Group>(group);
  }
  return std::nullopt;
}

}  // namespace medic::tlswire
