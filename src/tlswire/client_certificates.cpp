#include <algorithm>

#include "base/byte_reader.h"
#include "tlswire/client.h"
#include "tlswire/peer_signature.h"

// Certificates, and the signature that proves the leaf's key.

namespace medic::tlswire {
namespace {

// A longer chain is left to libssl, which bounds only bytes.
constexpr std::size_t kMaxChain = 32;
constexpr std::uint8_t kOcsp = 1;        // CertificateStatusType, RFC 6066 section 8
constexpr std::uint8_t kNamedCurve = 3;  // ECCurveType, RFC 8422 section 5.4
// OpenSSL refuses shorter ones at security level 2 ("dh key too small").
constexpr std::size_t kMinDhOctets = 2048 / 8;

// Suites of TLS 1.2 whose certificate is ECDSA's or EdDSA's; the others are RSA's.
constexpr std::array<std::uint16_t, 7> kEcdsaSuites = {0xC02C, 0xCCA9, 0xC02B, 0xC024,
                                                       0xC023, 0xC00A, 0xC009};
// Those with ephemeral Diffie-Hellman over a prime.
constexpr std::array<std::uint16_t, 7> kDheSuites = {0x009F, 0xCCAA, 0x009E, 0x006B,
                                                     0x0067, 0x0039, 0x0033};

// RFC 8446 section 4.4.3.
constexpr std::string_view kServerContext = "TLS 1.3, server CertificateVerify";

template <class List>
bool has(const List& list, std::uint16_t value) {
  return std::ranges::find(list, value) != list.end();
}

// The OCSPResponse in a CertificateStatus.
Bytes ocsp_response(ByteView status) {
  ByteReader in(status);
  const std::uint8_t type = in.u8();
  const ByteView response = in.vector(3);
  return type == kOcsp && !in.bad() ? Bytes(response.begin(), response.end()) : Bytes{};
}

std::size_t significant_octets(ByteView number) {
  const auto first = std::ranges::find_if(number, [](std::uint8_t octet) { return octet != 0; });
  return static_cast<std::size_t>(number.end() - first);
}

bool fits_suite(std::uint16_t cipher, const x509::PublicKey& key) {
  using enum x509::KeyType;
  const bool rsa = key.type == Rsa || key.type == RsaPss;
  return has(kEcdsaSuites, cipher) != rsa;
}

}  // namespace

bool Client::add_certificate(ByteView der) {
  if (shown_.chain.size() >= kMaxChain) {
    unsupported("a chain of more than 32 certificates");
    return false;
  }
  auto certificate =
      shown_.chain.empty() ? x509::parse_certificate(der) : tools_->issuers.read(der);
  if (!certificate) {
    unsupported("a certificate that cannot be read");
    return false;
  }
  shown_.chain.push_back(*std::move(certificate));
  return true;
}

// Those beside one certificate, the last of the chain so far.
bool Client::read_certificate_extensions(ByteView list) {
  ByteReader in(list);
  while (!in.empty()) {
    const std::uint16_t type = in.u16();
    const ByteView data = in.vector(2);
    if (in.bad()) {
      refuse(AlertCode::DecodeError, "a Certificate message that cannot be read");
      return false;
    }
    if (type != static_cast<std::uint16_t>(Extension::StatusRequest)) {
      refuse(AlertCode::UnsupportedExtension,
             "an extension that has no place beside a certificate");
      return false;
    }
    if (shown_.chain.size() == 1) {
      shown_.ocsp_staple = ocsp_response(data);
    }
  }
  return true;
}

void Client::chain_complete() {
  if (shown_.chain.empty()) {
    refuse(AlertCode::DecodeError, "no certificate");
  } else if (shown_.version == kTls12 &&
             !fits_suite(shown_.cipher, shown_.chain.front()->public_key)) {
    refuse(AlertCode::IllegalParameter, "a certificate that does not fit the cipher suite");
  } else if (depth_ == Depth::Certificate) {
    conclude(State::Certificates);
  }
}

void Client::certificate_request(ByteView body) {
  ByteReader in(body);
  const ByteView context = in.vector(1);
  in.vector(2);
  if (in.bad() || !in.empty() || !context.empty()) {
    refuse(AlertCode::DecodeError, "a CertificateRequest that cannot be read");
    return;
  }
  shown_.client_certificate_requested = true;
  expect_ = Expect::Certificate;
}

void Client::certificate(ByteView body) {
  ByteReader in(body);
  const ByteView context = in.vector(1);
  ByteReader list(in.vector(3));
  if (in.bad() || !in.empty() || !context.empty()) {
    refuse(AlertCode::DecodeError, "a Certificate message that cannot be read");
    return;
  }
  while (!list.empty()) {
    const ByteView der = list.vector(3);
    const ByteView extensions = list.vector(2);
    if (list.bad() || der.empty()) {
      refuse(AlertCode::DecodeError, "a Certificate message that cannot be read");
      return;
    }
    if (!add_certificate(der) || !read_certificate_extensions(extensions)) {
      return;
    }
  }
  expect_ = Expect::CertificateVerify;
  chain_complete();
}

void Client::certificate_verify(ByteView body) {
  ByteReader in(body);
  const std::uint16_t scheme = in.u16();
  const ByteView signature = in.vector(2);
  if (in.bad() || !in.empty()) {
    refuse(AlertCode::DecodeError, "a CertificateVerify that cannot be read");
    return;
  }
  const Hash hashed = tools_->protection.hash(suite_, {transcript_});
  Bytes content(64, ' ');
  content.reserve(64 + kServerContext.size() + 1 + hashed.size);
  const ByteView context = as_bytes(kServerContext);
  content.insert(content.end(), context.begin(), context.end());
  content.push_back(0);
  content.insert(content.end(), hashed.view().begin(), hashed.view().end());
  check_signature(scheme, content, signature);
  if (state_ == State::Talking) {
    conclude(State::Authenticated);
  }
}

void Client::check_signature(std::uint16_t scheme, ByteView content, ByteView signature) {
  shown_.scheme = scheme;
  const SignedByPeer what{
      .version = shown_.version, .scheme = scheme, .content = content, .signature = signature};
  switch (check_peer_signature(tools_->keys, shown_.chain.front()->public_key, what)) {
    case PeerSignature::Good:
      return;
    case PeerSignature::Bad:
      refuse(AlertCode::DecryptError, "bad signature");
      return;
    case PeerSignature::NotAllowed:
      refuse(AlertCode::IllegalParameter, "wrong signature type");
      return;
    case PeerSignature::Unsupported:
      unsupported("a signature that we cannot check");
      return;
  }
}

void Client::certificate12(ByteView body) {
  ByteReader in(body);
  ByteReader list(in.vector(3));
  if (in.bad() || !in.empty()) {
    refuse(AlertCode::DecodeError, "a Certificate message that cannot be read");
    return;
  }
  while (!list.empty()) {
    const ByteView der = list.vector(3);
    if (list.bad() || der.empty()) {
      refuse(AlertCode::DecodeError, "a Certificate message that cannot be read");
      return;
    }
    if (!add_certificate(der)) {
      return;
    }
  }
  expect_ = status_announced_ ? Expect::StatusOrKeyExchange12 : Expect::KeyExchange12;
  chain_complete();
}

void Client::certificate_status(ByteView body) {
  shown_.ocsp_staple = ocsp_response(body);
  expect_ = Expect::KeyExchange12;
}

void Client::server_key_exchange(ByteView body) {
  ByteReader in(body);
  if (has(kDheSuites, shown_.cipher)) {
    const ByteView prime = in.vector(2);
    in.vector(2);  // generator
    in.vector(2);  // public value
    if (!in.bad() && significant_octets(prime) < kMinDhOctets) {
      refuse(AlertCode::HandshakeFailure, "dh key too small");
      return;
    }
  } else {
    const std::uint8_t form = in.u8();
    shown_.group = in.u16();
    in.vector(1);  // the point
    if (!in.bad() && (form != kNamedCurve || !offers_group(shown_.group))) {
      refuse(AlertCode::IllegalParameter, "wrong curve");
      return;
    }
  }
  if (in.bad()) {
    refuse(AlertCode::DecodeError, "a ServerKeyExchange that cannot be read");
    return;
  }
  const std::size_t parameters = body.size() - in.left();
  const std::uint16_t scheme = in.u16();
  const ByteView signature = in.vector(2);
  if (in.bad() || !in.empty()) {
    refuse(AlertCode::DecodeError, "a ServerKeyExchange that cannot be read");
    return;
  }
  Bytes content(text_.random.begin(), text_.random.end());
  content.insert(content.end(), server_random_.begin(), server_random_.end());
  content.insert(content.end(), body.begin(),
                 body.begin() + static_cast<std::ptrdiff_t>(parameters));
  expect_ = Expect::RequestOrDone12;
  check_signature(scheme, content, signature);
}

void Client::certificate_request12(ByteView /*body*/) {
  shown_.client_certificate_requested = true;
  expect_ = Expect::Done12;
}

void Client::server_hello_done(ByteView body) {
  if (!body.empty()) {
    refuse(AlertCode::DecodeError, "a ServerHelloDone with something in it");
    return;
  }
  conclude(State::Authenticated);
}

}  // namespace medic::tlswire
