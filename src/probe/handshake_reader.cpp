#include "probe/handshake_reader.h"

#include <bit>
#include <optional>

#include "base/byte_reader.h"
#include "probe/wire_names.h"

namespace medic::probe {
namespace {

// RFC 8446 section 4 and RFC 5246 section 7.4: HandshakeType.
enum class Message : std::uint8_t {
  ClientHello = 1,
  ServerHello = 2,
  EncryptedExtensions = 8,
  Certificate = 11,
  ServerKeyExchange = 12,
  CertificateRequest = 13,
  CertificateVerify = 15,
  CertificateStatus = 22,
};

// IANA "TLS ExtensionType Values".
constexpr std::uint16_t kStatusRequest = 5;
constexpr std::uint16_t kAlpn = 16;
constexpr std::uint16_t kSupportedVersions = 43;
constexpr std::uint16_t kCertificateAuthorities = 47;
constexpr std::uint16_t kKeyShare = 51;
constexpr std::uint16_t kRenegotiationInfo = 0xFF01;

constexpr std::uint8_t kOcsp = 1;        // CertificateStatusType, RFC 6066 section 8
constexpr std::uint8_t kNamedCurve = 3;  // ECCurveType, RFC 8422 section 5.4
constexpr std::size_t kRecordHeaderBytes = 5;
// Alerts kept per handshake: a peer that floods warnings must not grow the evidence.
constexpr std::size_t kMaxAlerts = 32;

Bytes copy(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

std::optional<evidence::TlsVersion> known_version(std::uint16_t value) {
  if (value < 0x0301 || value > 0x0304) {
    return std::nullopt;
  }
  return static_cast<evidence::TlsVersion>(value);
}

std::uint32_t significant_bits(ByteView number) {
  while (!number.empty() && number.front() == 0) {
    number = number.subspan(1);
  }
  if (number.empty()) {
    return 0;
  }
  const auto top = static_cast<std::uint32_t>(std::bit_width(number.front()));
  return static_cast<std::uint32_t>(number.size() - 1) * 8 + top;
}

// The OCSPResponse in a CertificateStatus, or empty.
ByteView ocsp_response(ByteView status) {
  ByteReader in(status);
  const std::uint8_t type = in.u8();
  const ByteView response = in.vector(3);
  return type == kOcsp && !in.bad() ? response : ByteView{};
}

}  // namespace

void HandshakeReader::message(Direction direction, ByteView message) {
  if (message.size() < 4) {
    return;
  }
  const auto type = static_cast<Message>(message.front());
  const ByteView body = message.subspan(4);
  if (direction == Direction::Sent) {
    if (type == Message::ClientHello && facts_->client_hello_bytes == 0) {
      facts_->client_hello_bytes = static_cast<std::uint32_t>(message.size() + kRecordHeaderBytes);
    }
    return;
  }
  switch (type) {
    case Message::ServerHello:
      server_hello(body);
      break;
    case Message::EncryptedExtensions:
      encrypted_extensions(body);
      break;
    case Message::Certificate:
      certificate(body);
      break;
    case Message::ServerKeyExchange:
      server_key_exchange(body);
      break;
    case Message::CertificateRequest:
      certificate_request(body);
      break;
    case Message::CertificateVerify:
      certificate_verify(body);
      break;
    case Message::CertificateStatus:
      certificate_status(body);
      break;
    case Message::ClientHello:
      break;
  }
}

void HandshakeReader::alert(Direction direction, std::uint8_t level, std::uint8_t code) {
  const evidence::Alert alert{.sent = direction == Direction::Sent, .level = level, .code = code};
  (alert.sent ? sent_ : received_) = alert;
  if (facts_->alerts.size() < kMaxAlerts) {
    facts_->alerts.push_back(alert);
  }
}

void HandshakeReader::server_hello(ByteView body) {
  ByteReader in(body);
  const std::uint16_t legacy_version = in.u16();
  in.take(32);   // random
  in.vector(1);  // session id
  const std::uint16_t cipher = in.u16();
  in.u8();  // compression method
  if (in.bad()) {
    return;
  }
  facts_->version = known_version(legacy_version);
  facts_->cipher = cipher;
  facts_->secure_renegotiation = false;
  if (!in.empty()) {  // TLS 1.0 servers may send no extensions block at all
    const ByteView extensions = in.vector(2);
    server_hello_extensions(extensions);
  }
  if (is_tls13()) {
    facts_->secure_renegotiation.reset();
  }
}

void HandshakeReader::server_hello_extensions(ByteView extensions) {
  ByteReader in(extensions);
  while (!in.empty()) {
    const std::uint16_t type = in.u16();
    const ByteView data = in.vector(2);
    if (in.bad()) {
      return;
    }
    ByteReader field(data);
    if (type == kSupportedVersions) {
      facts_->version = known_version(field.u16());
    } else if (type == kKeyShare) {
      const std::uint16_t group = field.u16();
      facts_->group = group_name(group);
      facts_->group_bits = group_bits(group);
    } else if (type == kRenegotiationInfo) {
      facts_->secure_renegotiation = true;
    } else if (type == kAlpn) {
      alpn(data);
    }
  }
}

void HandshakeReader::alpn(ByteView extension) {
  ByteReader in(extension);
  ByteReader list(in.vector(2));
  facts_->alpn = as_text(list.vector(1));
}

void HandshakeReader::encrypted_extensions(ByteView body) {
  ByteReader outer(body);
  ByteReader in(outer.vector(2));
  while (!in.empty()) {
    const std::uint16_t type = in.u16();
    const ByteView data = in.vector(2);
    if (type == kAlpn && !in.bad()) {
      alpn(data);
    }
  }
}

// RFC 8446 section 4.4.2 and RFC 5246 section 7.4.2. Certificates before a malformed place are
// kept.
void HandshakeReader::certificate(ByteView body) {
  ByteReader outer(body);
  if (is_tls13()) {
    outer.vector(1);  // certificate_request_context
  }
  ByteReader in(outer.vector(3));
  facts_->chain.clear();
  while (!in.empty()) {
    const ByteView der = in.vector(3);
    if (in.bad()) {
      return;
    }
    facts_->chain.push_back(copy(der));
    if (!is_tls13()) {
      continue;
    }
    ByteReader extensions(in.vector(2));
    while (!extensions.empty()) {
      const std::uint16_t type = extensions.u16();
      const ByteView data = extensions.vector(2);
      if (type == kStatusRequest && facts_->chain.size() == 1) {  // the leaf's own
        facts_->ocsp_staple = copy(ocsp_response(data));
      }
    }
  }
}

void HandshakeReader::certificate_status(ByteView body) {
  facts_->ocsp_staple = copy(ocsp_response(body));
}

void HandshakeReader::ca_names(ByteView list) {
  ByteReader in(list);
  facts_->client_ca_names.clear();
  while (!in.empty()) {
    const ByteView name = in.vector(2);
    if (in.bad()) {
      return;
    }
    facts_->client_ca_names.push_back(copy(name));
  }
}

void HandshakeReader::certificate_request(ByteView body) {
  facts_->client_certificate_requested = true;
  ByteReader in(body);
  in.vector(1);  // TLS 1.3: certificate_request_context; before: certificate_types
  if (!is_tls13()) {
    if (facts_->version == evidence::TlsVersion::Tls12) {
      in.vector(2);  // supported_signature_algorithms
    }
    ca_names(in.vector(2));
    return;
  }
  ByteReader extensions(in.vector(2));
  while (!extensions.empty()) {
    const std::uint16_t type = extensions.u16();
    const ByteView data = extensions.vector(2);
    if (type == kCertificateAuthorities && !extensions.bad()) {
      ByteReader list(data);
      ca_names(list.vector(2));
    }
  }
}

// RFC 8422 section 5.4 (ECDHE) and RFC 5246 section 7.4.3 (DHE). Which of both it is follows from
// the cipher suite; the form tells as well: no prime of 768 octets or more starts like a known
// curve id.
void HandshakeReader::server_key_exchange(ByteView body) {
  ByteReader in(body);
  const std::uint8_t first = in.u8();
  const std::uint16_t curve = in.u16();
  bool parsed = false;
  if (first == kNamedCurve && is_known_group(curve)) {
    in.vector(1);  // the point
    facts_->group = group_name(curve);
    facts_->group_bits = group_bits(curve);
    parsed = !in.bad();
  } else {
    in = ByteReader(body);
    const ByteView prime = in.vector(2);
    in.vector(2);  // generator
    in.vector(2);  // public value
    parsed = !in.bad();
    if (parsed) {
      facts_->group = "dh";
      facts_->group_bits = significant_bits(prime);
    }
  }
  if (parsed && facts_->version == evidence::TlsVersion::Tls12 && !in.empty()) {
    facts_->peer_signature = signature_scheme_name(in.u16());
  }
}

void HandshakeReader::certificate_verify(ByteView body) {
  ByteReader in(body);
  const std::uint16_t scheme = in.u16();
  if (!in.bad()) {
    facts_->peer_signature = signature_scheme_name(scheme);
  }
}

}  // namespace medic::probe
