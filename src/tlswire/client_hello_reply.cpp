#include <algorithm>

#include "base/byte_reader.h"
#include "tlswire/client.h"

// ServerHello, HelloRetryRequest, EncryptedExtensions.

namespace medic::tlswire {
namespace {

// RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest".
constexpr std::array<std::uint8_t, 32> kRetryRandom = {
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};
// The last octets of the random of a server that could have done TLS 1.3 (same section).
constexpr std::array<std::uint8_t, 8> kDowngraded12 = {'D', 'O', 'W', 'N', 'G', 'R', 'D', 1};

// RSA key exchange: the server proves its key with its Finished only.
constexpr std::array<std::uint16_t, 6> kRsaKeyExchange = {0x009D, 0x009C, 0x003D,
                                                          0x003C, 0x0035, 0x002F};

constexpr std::array kIn13 = {Extension::SupportedVersions, Extension::KeyShare};
constexpr std::array kInRetry = {Extension::SupportedVersions, Extension::KeyShare,
                                 Extension::Cookie};
constexpr std::array kIn12 = {Extension::ServerName,      Extension::StatusRequest,
                              Extension::SupportedGroups, Extension::EcPointFormats,
                              Extension::EncryptThenMac,  Extension::ExtendedMasterSecret,
                              Extension::SessionTicket,   Extension::RenegotiationInfo};
constexpr std::array kInEncrypted = {Extension::ServerName, Extension::SupportedGroups};

template <class List>
bool has(const List& list, std::uint16_t type) {
  return std::ranges::find(list, static_cast<Extension>(type)) != list.end();
}

}  // namespace

struct Client::ServerHello {
  std::uint16_t version = 0;
  std::uint16_t cipher = 0;
  bool retry = false;
  bool session_echoed = false;
  bool renegotiation = false;
  bool status = false;
  bool has_share = false;
  std::uint16_t group = 0;
  ByteView share;                         // of a ServerHello
  ByteView cookie;                        // of a HelloRetryRequest
  std::array<std::uint16_t, 32> types{};  // of the extensions
  std::size_t count = 0;
};

bool Client::read_hello_extension(std::uint16_t type, ByteView data, ServerHello& hello) {
  ByteReader in(data);
  switch (static_cast<Extension>(type)) {
    case Extension::SupportedVersions:
      hello.version = in.u16();
      break;
    case Extension::KeyShare:
      hello.has_share = true;
      hello.group = in.u16();
      hello.share = hello.retry ? ByteView{} : in.vector(2);
      break;
    case Extension::Cookie:
      hello.cookie = in.vector(2);
      break;
    case Extension::RenegotiationInfo:
      hello.renegotiation = in.vector(1).empty();
      break;
    case Extension::StatusRequest:
      hello.status = true;
      return true;
    default:
      return true;  // its content is no business of ours
  }
  return !in.bad() && in.empty();
}

bool Client::read_server_hello(ByteView body, ServerHello& hello) {
  ByteReader in(body);
  hello.version = in.u16();
  const ByteView random = in.take(server_random_.size());
  const ByteView session_id = in.vector(1);
  hello.cipher = in.u16();
  const std::uint8_t compression = in.u8();
  ByteReader extensions(in.empty() ? ByteView{} : in.vector(2));
  if (in.bad() || !in.empty() || session_id.size() > 32) {
    refuse(AlertCode::DecodeError, "a ServerHello that cannot be read");
    return false;
  }
  std::ranges::copy(random, server_random_.begin());
  hello.retry = std::ranges::equal(random, kRetryRandom);
  hello.session_echoed = std::ranges::equal(session_id, text_.session_id);
  while (!extensions.empty()) {
    const std::uint16_t type = extensions.u16();
    const ByteView data = extensions.vector(2);
    const bool repeated =
        std::find(hello.types.begin(),
                  hello.types.begin() + static_cast<std::ptrdiff_t>(hello.count),
                  type) != hello.types.begin() + static_cast<std::ptrdiff_t>(hello.count);
    if (extensions.bad() || repeated || hello.count == hello.types.size() ||
        !read_hello_extension(type, data, hello)) {
      refuse(repeated ? AlertCode::IllegalParameter : AlertCode::DecodeError,
             "an extension of the ServerHello that cannot be read");
      return false;
    }
    hello.types[hello.count++] = type;
  }
  if (compression != 0 || !offers_cipher(hello.cipher)) {
    refuse(AlertCode::IllegalParameter, "a choice that was not offered");
    return false;
  }
  return true;
}

void Client::server_hello(ByteView body) {
  ServerHello hello;
  if (!read_server_hello(body, hello)) {
    return;
  }
  if (hello.version != kTls12 && hello.version != kTls13) {
    refuse(AlertCode::ProtocolVersion, "a version that was not offered");
    return;
  }
  const bool is13 = hello.version == kTls13;
  const std::optional<Suite> suite = suite_of(hello.cipher);
  for (std::size_t i = 0; i < hello.count; ++i) {
    const std::uint16_t type = hello.types[i];
    const bool fits = !is13         ? has(kIn12, type)
                      : hello.retry ? has(kInRetry, type)
                                    : has(kIn13, type);
    if (!fits) {
      refuse(offers_extension(type) ? AlertCode::IllegalParameter : AlertCode::UnsupportedExtension,
             "an extension that has no place in the ServerHello");
      return;
    }
  }
  if (is13 != suite.has_value() || (is13 && !hello.session_echoed)) {
    refuse(AlertCode::IllegalParameter, "a choice that does not fit the version");
    return;
  }
  suite_ = suite.value_or(suite_);
  if (!is13) {
    choose12(hello);
  } else if (hello.retry) {
    retry(hello);
  } else {
    choose13(hello);
  }
}

void Client::choose12(const ServerHello& hello) {
  if (std::ranges::equal(ByteView(server_random_).last(kDowngraded12.size()), kDowngraded12) ||
      shown_.retried) {
    refuse(AlertCode::IllegalParameter, "a version below what the server can do");
    return;
  }
  shown_.version = kTls12;
  shown_.cipher = hello.cipher;
  if (!hello.renegotiation) {
    refuse(AlertCode::HandshakeFailure, "no secure renegotiation (RFC 5746)");
    return;
  }
  if (depth_ == Depth::Authenticated &&
      std::ranges::find(kRsaKeyExchange, hello.cipher) != kRsaKeyExchange.end()) {
    unsupported("RSA key exchange");
    return;
  }
  status_announced_ = hello.status;
  transcript_ = {};
  expect_ = Expect::Certificate12;
}

void Client::choose13(const ServerHello& hello) {
  if (!hello.has_share) {
    refuse(AlertCode::MissingExtension, "a ServerHello without a key share");
    return;
  }
  if (hello.group != static_cast<std::uint16_t>(share_) ||
      (shown_.retried && shown_.cipher != hello.cipher)) {
    refuse(AlertCode::IllegalParameter, "a choice that was not offered");
    return;
  }
  shown_.version = kTls13;
  shown_.cipher = hello.cipher;
  shown_.group = hello.group;
  const auto secret = tools_->shares.agreed(share_, hello.share);
  if (!secret) {
    refuse(AlertCode::IllegalParameter, "a key share that is no key");
    return;
  }
  keys_ = tools_->protection.handshake_keys(suite_, *secret,
                                            tools_->protection.hash(suite_, {transcript_}));
  expect_ = Expect::EncryptedExtensions;
}

void Client::retry(const ServerHello& hello) {
  if (shown_.retried) {
    refuse(AlertCode::UnexpectedMessage, "a second HelloRetryRequest");
    return;
  }
  const auto group = own_group(hello.group);
  const bool changes = hello.has_share ? !group || *group != share_ : !hello.cookie.empty();
  if (!changes || (hello.has_share && !offers_group(hello.group))) {
    refuse(AlertCode::IllegalParameter, "a HelloRetryRequest that changes nothing");
    return;
  }
  if (hello.has_share && !group) {
    unsupported("a group of which we have no share");
    return;
  }
  shown_.retried = true;
  shown_.version = kTls13;
  shown_.cipher = hello.cipher;
  if (group) {
    share_ = *group;
  }
  // RFC 8446 section 4.4.1: the first ClientHello is replaced by its hash.
  const std::size_t first = hello_bytes_ - kRecordHeaderBytes;
  const Hash hashed = tools_->protection.hash(suite_, {ByteView(transcript_).first(first)});
  Bytes transcript{0xFE, 0, 0, static_cast<std::uint8_t>(hashed.size)};
  transcript.insert(transcript.end(), hashed.view().begin(), hashed.view().end());
  transcript.insert(transcript.end(), transcript_.begin() + static_cast<std::ptrdiff_t>(first),
                    transcript_.end());
  const Bytes cookie(hello.cookie.begin(), hello.cookie.end());
  transcript_ = std::move(transcript);
  put_record(ContentType::ChangeCipherSpec, std::array<std::uint8_t, 1>{1});  // appendix D.4
  send_hello(cookie);
}

void Client::encrypted_extensions(ByteView body) {
  ByteReader in(body);
  ByteReader extensions(in.vector(2));
  if (in.bad() || !in.empty()) {
    refuse(AlertCode::DecodeError, "EncryptedExtensions that cannot be read");
    return;
  }
  while (!extensions.empty()) {
    const std::uint16_t type = extensions.u16();
    extensions.vector(2);
    if (extensions.bad()) {
      refuse(AlertCode::DecodeError, "EncryptedExtensions that cannot be read");
      return;
    }
    if (!has(kInEncrypted, type)) {
      refuse(offers_extension(type) ? AlertCode::IllegalParameter : AlertCode::UnsupportedExtension,
             "an extension that has no place in EncryptedExtensions");
      return;
    }
  }
  expect_ = Expect::RequestOrCertificate;
}

}  // namespace medic::tlswire
