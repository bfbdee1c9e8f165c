#include "probe/starttls.h"

namespace medic::probe {
namespace {

using namespace std::string_view_literals;

// TPKT, X.224 Connection Request, RDP_NEG_REQ for PROTOCOL_SSL | PROTOCOL_HYBRID.
constexpr std::string_view kRequest =
    "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00"sv;

unsigned octet(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

std::size_t tpkt(std::string_view buffer) {
  if (!buffer.empty() && octet(buffer, 0) != 3) {
    return std::string_view::npos;
  }
  if (buffer.size() < 4) {
    return 0;
  }
  const std::size_t length = octet(buffer, 2) << 8U | octet(buffer, 3);
  return length < 7 || length > 4096 ? std::string_view::npos : length;
}

std::string_view confirm(std::string_view message) {
  if (octet(message, 5) != 0xD0) {
    return "the answer is no connection confirm";
  }
  constexpr unsigned kResponse = 2;
  constexpr unsigned kFailure = 3;
  if (octet(message, 11) == kFailure) {
    return octet(message, 15) == 2 ? "SSL_NOT_ALLOWED_BY_SERVER"sv : "the negotiation failed"sv;
  }
  if (octet(message, 11) != kResponse) {
    return "the server knows only standard RDP security, without TLS";
  }
  return octet(message, 15) == 0 ? "the server chose standard RDP security, without TLS"sv
                                 : std::string_view{};
}

constexpr std::uint16_t kPorts[] = {3389};
constexpr Move kScript[] = {
    send(kRequest),
    expect_message(tpkt, confirm),
};

}  // namespace

extern constinit const StartTls starttls_rdp{
    .id = "rdp", .source = "MS-RDPBCGR section 2.2.1", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
