#include "tlswire/client.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "tlswire/byte_writer.h"

// Records, the order of messages, alerts. What the messages say is read in client_hello_reply.cpp
// and client_certificates.cpp.

namespace medic::tlswire {
namespace {

// A longer handshake message is refused, as src/probe has libssl do.
constexpr std::size_t kMaxMessageBytes = std::size_t{128} * 1024;
// Records that say nothing: change_cipher_spec, warnings, HelloRequests. OpenSSL stops after 5
// warnings and 32 empty records.
constexpr std::uint8_t kMaxIdleRecords = 16;
constexpr std::size_t kFirstBytes = 64;

ContentType type_of(ByteView record) {
  return static_cast<ContentType>(record[0]);
}

bool is_known(ContentType type) {
  return type == ContentType::ChangeCipherSpec || type == ContentType::Alert ||
         type == ContentType::Handshake || type == ContentType::ApplicationData;
}

}  // namespace

struct Client::Step {
  Expect expect;
  HandshakeType type;
  void (Client::*read)(ByteView body);
};

// Which message may come when, and nothing else.
const Client::Step* Client::step_for(Expect expect, HandshakeType type) {
  static constexpr std::array kSteps = {
      Step{Expect::ServerHello, HandshakeType::ServerHello, &Client::server_hello},
      Step{Expect::EncryptedExtensions, HandshakeType::EncryptedExtensions,
           &Client::encrypted_extensions},
      Step{Expect::RequestOrCertificate, HandshakeType::CertificateRequest,
           &Client::certificate_request},
      Step{Expect::RequestOrCertificate, HandshakeType::Certificate, &Client::certificate},
      Step{Expect::Certificate, HandshakeType::Certificate, &Client::certificate},
      Step{Expect::CertificateVerify, HandshakeType::CertificateVerify,
           &Client::certificate_verify},
      Step{Expect::Certificate12, HandshakeType::Certificate, &Client::certificate12},
      Step{Expect::StatusOrKeyExchange12, HandshakeType::CertificateStatus,
           &Client::certificate_status},
      Step{Expect::StatusOrKeyExchange12, HandshakeType::ServerKeyExchange,
           &Client::server_key_exchange},
      Step{Expect::KeyExchange12, HandshakeType::ServerKeyExchange, &Client::server_key_exchange},
      Step{Expect::RequestOrDone12, HandshakeType::CertificateRequest,
           &Client::certificate_request12},
      Step{Expect::RequestOrDone12, HandshakeType::ServerHelloDone, &Client::server_hello_done},
      Step{Expect::Done12, HandshakeType::ServerHelloDone, &Client::server_hello_done},
  };
  const auto found = std::ranges::find_if(
      kSteps, [&](const Step& one) { return one.expect == expect && one.type == type; });
  return found == kSteps.end() ? nullptr : &*found;
}

Client::Client(Tools& tools, HelloText text, Depth depth)
    : tools_(&tools), text_(std::move(text)), depth_(depth) {
  send_hello({});
}

void Client::send_hello(ByteView cookie) {
  const Bytes hello =
      client_hello(text_, {.group = share_, .share = tools_->shares.share(share_)}, cookie);
  put_record(ContentType::Handshake, hello);
  transcript_.insert(transcript_.end(), hello.begin(), hello.end());
  if (hello_bytes_ == 0) {
    hello_bytes_ = static_cast<std::uint32_t>(hello.size() + kRecordHeaderBytes);
  }
}

void Client::put_record(ContentType type, ByteView body) {
  ByteWriter out(output_);
  out.u8(static_cast<std::uint8_t>(type));
  // RFC 8446 section 5.1: 0x0301 for the first hello, for the sake of old servers.
  out.u16(hello_bytes_ == 0 ? 0x0301 : kTls12);
  out.vector(2, [&] { out.bytes(body); });
}

Bytes Client::take_output() {
  return std::exchange(output_, {});
}

void Client::feed(ByteView wire) {
  if (state_ != State::Talking) {
    return;
  }
  const bool held = !inbound_.empty();
  if (held) {
    inbound_.insert(inbound_.end(), wire.begin(), wire.end());
  }
  // Whole records are read where they lie; only the beginning of one is kept.
  const Bytes joined = held ? std::exchange(inbound_, {}) : Bytes{};
  ByteView rest = held ? ByteView(joined) : wire;
  while (state_ == State::Talking && !rest.empty()) {
    const std::size_t size = record_size(rest);
    if (state_ != State::Talking) {
      return;
    }
    if (size == 0) {
      inbound_.assign(rest.begin(), rest.end());
      return;
    }
    record(rest.first(size));
    rest = rest.subspan(size);
  }
}

std::size_t Client::record_size(ByteView wire) {
  if (first_record_) {
    const bool starts = wire[0] == static_cast<std::uint8_t>(ContentType::Alert) ||
                        wire[0] == static_cast<std::uint8_t>(ContentType::Handshake);
    if (!starts || (wire.size() > 1 && wire[1] != 3)) {
      const ByteView beginning = wire.first(std::min(wire.size(), kFirstBytes));
      first_bytes_.assign(beginning.begin(), beginning.end());
      reason_ = "the first bytes are no TLS record";
      state_ = State::NotTls;
      return 0;
    }
  }
  if (wire.size() < kRecordHeaderBytes) {
    return 0;
  }
  if (!is_known(type_of(wire)) || wire[1] != 3) {
    refuse(AlertCode::UnexpectedMessage, "a record of an unknown kind");
    return 0;
  }
  const std::size_t length = std::size_t{wire[3]} << 8U | wire[4];
  const std::size_t most = keys_ ? kMaxSealedRecord : kMaxPlainRecord12;
  if (length > most) {
    refuse(AlertCode::RecordOverflow, "a record over the limit");
    return 0;
  }
  return wire.size() < kRecordHeaderBytes + length ? 0 : kRecordHeaderBytes + length;
}

void Client::record(ByteView record) {
  first_record_ = false;
  const ByteView body = record.subspan(kRecordHeaderBytes);
  if (type_of(record) == ContentType::ChangeCipherSpec) {
    // RFC 8446 appendix D.4: one octet of 1, at any time before the Finished, means nothing. TLS
    // 1.2 servers have none to send before we are gone.
    const bool meaningless = body.size() == 1 && body[0] == 1 && shown_.version != kTls12;
    if (!meaningless || !messages_.empty() || ++idle_records_ > kMaxIdleRecords) {
      refuse(AlertCode::UnexpectedMessage, "change_cipher_spec where none may be");
    }
    return;
  }
  if (!keys_) {
    content(type_of(record), body);
  } else if (type_of(record) == ContentType::ApplicationData) {
    sealed_record(*keys_, record);
  } else if (type_of(record) == ContentType::Alert) {
    // A server that could not make the keys may still say so in the clear.
    content(ContentType::Alert, body);
  } else {
    refuse(AlertCode::UnexpectedMessage, "a record in the clear after the ServerHello");
  }
}

void Client::sealed_record(HandshakeKeys& keys, ByteView record) {
  const auto opened = tools_->protection.open(suite_, keys.server, record.first(kRecordHeaderBytes),
                                              record.subspan(kRecordHeaderBytes));
  if (!opened) {
    refuse(AlertCode::BadRecordMac, "a record that our keys do not open");
    return;
  }
  // RFC 8446 section 5.2: zeros for padding, before them the type.
  ByteView inner(*opened);
  while (!inner.empty() && inner.back() == 0) {
    inner = inner.first(inner.size() - 1);
  }
  if (inner.empty()) {
    refuse(AlertCode::UnexpectedMessage, "a record without a content type");
    return;
  }
  if (inner.size() - 1 > kMaxPlainRecord) {
    refuse(AlertCode::RecordOverflow, "a record over the limit");
    return;
  }
  content(static_cast<ContentType>(inner.back()), inner.first(inner.size() - 1));
}

void Client::content(ContentType type, ByteView content) {
  if (type == ContentType::Handshake) {
    handshake_bytes(content);
  } else if (type == ContentType::Alert) {
    alert(content);
  } else {
    refuse(AlertCode::UnexpectedMessage, "application data within the handshake");
  }
}

void Client::handshake_bytes(ByteView bytes) {
  if (bytes.empty()) {
    refuse(AlertCode::UnexpectedMessage, "an empty handshake record");
    return;
  }
  // Messages that lie whole in this record are read where they are.
  Bytes joined = std::exchange(messages_, {});
  if (!joined.empty()) {
    joined.insert(joined.end(), bytes.begin(), bytes.end());
  }
  ByteView rest = joined.empty() ? bytes : ByteView(joined);
  while (state_ == State::Talking && rest.size() >= kMessageHeaderBytes) {
    const std::size_t length =
        std::size_t{rest[1]} << 16U | std::size_t{rest[2]} << 8U | std::size_t{rest[3]};
    if (length > kMaxMessageBytes) {
      refuse(AlertCode::IllegalParameter, "a handshake message over the limit");
      return;
    }
    const std::size_t whole = kMessageHeaderBytes + length;
    if (rest.size() < whole) {
      break;
    }
    const bool sealed = keys_.has_value();
    message(static_cast<HandshakeType>(rest[0]), rest.first(whole));
    rest = rest.subspan(whole);
    if (state_ == State::Talking && !sealed && keys_ && !rest.empty()) {
      refuse(AlertCode::UnexpectedMessage, "a message across the change of keys");
    }
  }
  if (state_ == State::Talking) {
    messages_.assign(rest.begin(), rest.end());
  }
}

void Client::message(HandshakeType type, ByteView whole) {
  if (type == HandshakeType::HelloRequest && whole.size() == kMessageHeaderBytes &&
      ++idle_records_ <= kMaxIdleRecords) {
    // RFC 5246 section 7.4.1.1: ignored during a handshake; libssl does so in TLS 1.3 too.
    return;
  }
  const Step* const step = step_for(expect_, type);
  if (step == nullptr) {
    refuse(AlertCode::UnexpectedMessage, "a handshake message out of turn");
    return;
  }
  // What a CertificateVerify signs ends before it.
  if (type != HandshakeType::CertificateVerify && shown_.version != kTls12) {
    transcript_.insert(transcript_.end(), whole.begin(), whole.end());
  }
  (this->*step->read)(whole.subspan(kMessageHeaderBytes));
}

void Client::alert(ByteView content) {
  if (content.size() != 2) {
    refuse(AlertCode::UnexpectedMessage, "an alert of another size than 2");
    return;
  }
  const Alert received{.level = content[0], .code = content[1]};
  shown_.alerts.push_back(received);
  // RFC 8446 section 6: in TLS 1.3 the level means nothing. Before the ServerHello the version is
  // not known, and old servers warn (unrecognized_name) and go on.
  const bool warning = received.level == 1 && !keys_ &&
                       received.code != static_cast<std::uint8_t>(AlertCode::CloseNotify);
  if (warning && ++idle_records_ <= kMaxIdleRecords) {
    return;
  }
  conclude(State::Alerted);
}

void Client::refuse(AlertCode code, std::string_view reason) {
  reason_ = reason;
  shown_.sent = static_cast<std::uint8_t>(code);
  send_alert(2, code);
  conclude(State::Refused);
}

void Client::unsupported(std::string_view reason) {
  reason_ = reason;
  conclude(State::Unsupported);
}

void Client::conclude(State state) {
  state_ = state;
  if (state != State::Alerted && state != State::Refused) {
    send_alert(1, AlertCode::CloseNotify);
  }
  inbound_ = {};
  messages_ = {};
  transcript_ = {};
}

void Client::send_alert(std::uint8_t level, AlertCode code) {
  const std::array<std::uint8_t, 2> body{level, static_cast<std::uint8_t>(code)};
  if (keys_) {
    const Bytes record = tools_->protection.seal(suite_, keys_->client, ContentType::Alert, body);
    output_.insert(output_.end(), record.begin(), record.end());
  } else {
    put_record(ContentType::Alert, body);
  }
}

}  // namespace medic::tlswire
