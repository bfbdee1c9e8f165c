#include "probe/starttls.h"

namespace medic::probe {
namespace {

using namespace std::string_view_literals;

// LDAPMessage { messageID 1, extendedReq { requestName 1.3.6.1.4.1.1466.20037 } }
constexpr std::string_view kRequest =
    "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
    "1.3.6.1.4.1.1466.20037"sv;

unsigned octet(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

// Octets of a BER length field, which BER lets be longer than needed (Active Directory uses 84).
std::size_t length_octets(std::string_view text, std::size_t at) {
  const unsigned first = octet(text, at);
  return first < 0x80 ? 1 : 1 + (first & 0x7FU);
}

std::size_t length_at(std::string_view text, std::size_t at) {
  const unsigned first = octet(text, at);
  if (first < 0x80) {
    return first;
  }
  std::size_t length = 0;
  for (std::size_t i = 1; i < length_octets(text, at); ++i) {
    length = length << 8U | octet(text, at + i);
  }
  return length;
}

std::size_t ldap_frame(std::string_view buffer) {
  if (!buffer.empty() && octet(buffer, 0) != 0x30) {
    return std::string_view::npos;
  }
  if (buffer.size() < 2) {
    return 0;
  }
  const std::size_t octets = length_octets(buffer, 1);
  if (octets > 5) {
    return std::string_view::npos;
  }
  if (buffer.size() < 1 + octets) {
    return 0;
  }
  const std::size_t length = length_at(buffer, 1);
  return length > 16384 ? std::string_view::npos : 1 + octets + length;
}

// ExtendedResponse [APPLICATION 24] with resultCode success (0) as its first element.
std::string_view extended_response(std::string_view message) {
  std::size_t at = 1 + length_octets(message, 1);
  at += 1 + length_octets(message, at + 1) + length_at(message, at + 1);  // messageID
  if (octet(message, at) != 0x78) {
    return "the answer is no extended response";
  }
  at += 1 + length_octets(message, at + 1);
  if (octet(message, at) != 0x0A || octet(message, at + 1) != 1) {
    return "the answer has no result code";
  }
  if (at + 2 >= message.size()) {
    return "the answer has no result code";
  }
  switch (octet(message, at + 2)) {  // RFC 4511 appendix A
    case 0:
      return {};
    case 1:
      return "operationsError (1)";
    case 2:
      return "protocolError (2): StartTLS is not supported";
    case 52:
      return "unavailable (52)";
    case 53:
      return "unwillingToPerform (53)";
    default:
      return "a result code other than success";
  }
}

constexpr std::uint16_t kPorts[] = {389};
constexpr Move kScript[] = {
    send(kRequest),
    expect_message(ldap_frame, extended_response),
};

}  // namespace

extern constinit const StartTls starttls_ldap{
    .id = "ldap", .source = "RFC 4511 section 4.14", .ports = kPorts, .script = kScript};

}  // namespace medic::probe
