#include "probe/starttls.h"

namespace medic::probe {
namespace {

using namespace std::string_view_literals;

constexpr std::uint16_t kClientSsl = 0x0800;

// SSLRequest: 32 octets, sequence 1; capabilities LONG_PASSWORD | LONG_FLAG | PROTOCOL_41 | SSL |
// SECURE_CONNECTION; 16 MiB packets; utf8mb4; 23 zeros. TLS begins at once, without a reply.
constexpr std::string_view kSslRequest =
    "\x20\x00\x00\x01"
    "\x05\x8a\x00\x00"
    "\x00\x00\x00\x01"
    "\x2d"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv;
static_assert(kSslRequest.size() == 36);

unsigned octet(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

std::size_t packet(std::string_view buffer) {
  if (buffer.size() < 4) {
    return 0;
  }
  const std::size_t length = octet(buffer, 0) | octet(buffer, 1) << 8U | octet(buffer, 2) << 16U;
  return octet(buffer, 3) != 0 || length == 0 || length > 4096 ? std::string_view::npos
                                                               : 4 + length;
}

// Protocol::HandshakeV10: version text, thread id (4), salt (8), filler (1), capabilities (2).
std::string_view greeting(std::string_view message) {
  if (octet(message, 4) == 0xFF) {
    return "the server answers with an error";
  }
  const std::size_t end = message.find('\0', 5);
  if (octet(message, 4) != 10 || end == std::string_view::npos || end + 16 > message.size()) {
    return "not a MySQL greeting";
  }
  const unsigned capabilities = octet(message, end + 14) | octet(message, end + 15) << 8U;
  return (capabilities & kClientSsl) == 0 ? "STARTTLS is not offered"sv : std::string_view{};
}

constexpr std::uint16_t kPorts[] = {3306};
constexpr Move kScript[] = {
    expect_message(packet, greeting),
    send(kSslRequest),
};

}  // namespace

extern constinit const StartTls starttls_mysql{.id = "mysql",
                                               .source = "MySQL internals, Protocol::SSLRequest",
                                               .ports = kPorts,
                                               .script = kScript};

}  // namespace medic::probe
