#include "probe/tls_client.h"

#include <fmt/core.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "probe/tls_context.h"

namespace medic::probe {
namespace {

using evidence::AlertReceived;
using evidence::Phase;
using evidence::RefusedByUs;

constexpr std::size_t kMaxPlainBytes = 1U << 20U;  // held for the caller between two takes

// SSL_CTX_set_msg_callback decides the signature.
// NOLINTNEXTLINE(readability-function-size)
void on_message(int sent, int /*version*/, int content_type, const void* bytes, size_t count,
                SSL* /*ssl*/, void* client) {
  static_cast<TlsClient*>(client)->record(sent == 1 ? Direction::Sent : Direction::Received,
                                          content_type,
                                          {static_cast<const std::uint8_t*>(bytes), count});
}

// "dh key too small"; OpenSSL's words, since people search for them.
std::string last_reason() {
  const unsigned long code = ERR_peek_error();
  const char* const reason = ERR_reason_error_string(code);
  if (reason != nullptr) {
    return reason;
  }
  return code == 0 ? "no reason given" : fmt::format("error {:#x}", code);
}

void on_key(const SSL* ssl, const char* line) {
  static_cast<const TlsClient*>(SSL_get_app_data(ssl))->log_key(line);
}

// The wire form of "h2,http/1.1": each name behind its length (RFC 7301 section 3.1).
Bytes protocol_list(std::string_view names) {
  Bytes list;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(','), names.size());
    list.push_back(static_cast<std::uint8_t>(end));
    const ByteView name = as_bytes(names.substr(0, end));
    list.insert(list.end(), name.begin(), name.end());
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return list;
}

// The IANA name of a cipher suite.
std::string cipher_name(SSL* ssl, std::uint16_t cipher) {
  const std::array<unsigned char, 2> id{static_cast<unsigned char>(cipher >> 8U),
                                        static_cast<unsigned char>(cipher & 0xFFU)};
  const SSL_CIPHER* const found = SSL_CIPHER_find(ssl, id.data());
  const char* const name = found == nullptr ? nullptr : SSL_CIPHER_standard_name(found);
  return name == nullptr ? fmt::format("cipher-0x{:04x}", cipher) : name;
}

std::unexpected<Error> bad_identity(std::string what) {
  return fail(ErrorKind::Data, std::move(what),
              "servers that want a client certificate cannot be shown this one",
              "check that the certificate and the key belong together");
}

Result<X509Ptr> parse_certificate(const Bytes& der) {
  const unsigned char* cursor = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  if (!certificate) {
    ERR_clear_error();
    return bad_identity("the client certificate is not valid DER");
  }
  return certificate;
}

// A weak client certificate is shown all the same: whether it suffices is the server's answer.
void use_identity(SSL* ssl, const ClientIdentity& identity) {
  const int level = SSL_get_security_level(ssl);
  SSL_set_security_level(ssl, 0);
  SSL_use_certificate(ssl, identity.leaf.get());
  SSL_use_PrivateKey(ssl, identity.key.get());
  for (const X509Ptr& issuer : identity.chain) {
    SSL_add1_chain_cert(ssl, issuer.get());
  }
  SSL_set_security_level(ssl, level);
}

}  // namespace

Result<ClientIdentity> parse_identity(const std::vector<Bytes>& chain, ByteView key) {
  if (chain.empty()) {
    return bad_identity("there is no client certificate");
  }
  ClientIdentity identity;
  MEDIC_TRY(identity.leaf, parse_certificate(chain.front()));
  for (std::size_t i = 1; i < chain.size(); ++i) {
    MEDIC_TRY(X509Ptr issuer, parse_certificate(chain[i]));
    identity.chain.push_back(std::move(issuer));
  }
  const unsigned char* cursor = key.data();
  identity.key.reset(d2i_AutoPrivateKey(nullptr, &cursor, static_cast<long>(key.size())));
  const bool matches =
      identity.key && X509_check_private_key(identity.leaf.get(), identity.key.get()) == 1;
  ERR_clear_error();
  if (!identity.key) {
    return bad_identity("the client key is not a private key in DER");
  }
  if (!matches) {
    return bad_identity("the client key does not belong to the client certificate");
  }
  return identity;
}

TlsClient::TlsClient(const TlsSettings& settings, evidence::Handshake& facts)
    : reader_(facts),
      ssl_(SSL_new(&client_context(settings.offer))),
      in_(BIO_new(BIO_s_mem())),
      out_(BIO_new(BIO_s_mem())),
      large_hello_(settings.hello == evidence::HelloSize::PostQuantum),
      judge_(settings.judge),
      key_log_(settings.key_log),
      facts_(&facts) {
  MEDIC_CHECK(ssl_ != nullptr && in_ != nullptr && out_ != nullptr);
  SSL* const ssl = ssl_.get();
  BIO_set_mem_eof_return(in_, -1);  // an empty buffer means "more later", not the end
  SSL_set_bio(ssl, in_, out_);
  SSL_set_app_data(ssl, this);
  SSL_set_msg_callback(ssl, on_message);
  SSL_set_msg_callback_arg(ssl, this);
  SSL_set_min_proto_version(ssl, static_cast<int>(settings.min_version));
  SSL_set_max_proto_version(ssl, static_cast<int>(settings.max_version));
  SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
  if (settings.sni) {
    std::string name = *settings.sni;
    // What SSL_set_tlsext_host_name() does, without its C-style cast; libssl copies the name.
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  }
  if (!settings.alpn.empty()) {
    const Bytes list = protocol_list(settings.alpn);
    SSL_set_alpn_protos(ssl, list.data(), static_cast<unsigned>(list.size()));
  }
  if (settings.identity != nullptr) {
    use_identity(ssl, *settings.identity);
  }
  if (judge_ != nullptr) {
    SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
  }
  if (key_log_) {
    SSL_CTX_set_keylog_callback(SSL_get_SSL_CTX(ssl), on_key);
  }
  SSL_set_connect_state(ssl);
  ERR_clear_error();
}

TlsClient::~TlsClient() = default;

void TlsClient::start() {
  advance();
}

void TlsClient::feed(ByteView wire) {
  if (state_ == State::Ended) {
    return;
  }
  while (!wire.empty()) {
    const auto chunk = wire.first(std::min<std::size_t>(wire.size(), 1U << 20U));
    MEDIC_CHECK(BIO_write(in_, chunk.data(), static_cast<int>(chunk.size())) ==
                static_cast<int>(chunk.size()));
    wire = wire.subspan(chunk.size());
  }
  advance();
}

Bytes TlsClient::take_output() {
  Bytes bytes(BIO_ctrl_pending(out_));
  if (!bytes.empty()) {
    MEDIC_CHECK(BIO_read(out_, bytes.data(), static_cast<int>(bytes.size())) ==
                static_cast<int>(bytes.size()));
  }
  return bytes;
}

void TlsClient::write(ByteView plain) {
  if (state_ != State::Established || plain.empty()) {
    return;
  }
  ERR_clear_error();
  const int written = SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
  if (written <= 0) {
    settle(written);
  }
}

Bytes TlsClient::take_plain() {
  read_plain();
  return std::exchange(plain_, {});
}

void TlsClient::end() {
  recording_ = false;
  if (state_ == State::Established) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  state_ = State::Ended;
}

void TlsClient::record(Direction direction, int content_type, ByteView bytes) {
  if (!recording_) {
    return;
  }
  if (content_type == SSL3_RT_HANDSHAKE) {
    reader_.message(direction, bytes);
  } else if (content_type == SSL3_RT_ALERT && bytes.size() == 2) {
    reader_.alert(direction, bytes[0], bytes[1]);
  }
}

bool TlsClient::is_verified() const {
  return state_ == State::Established && judge_ != nullptr && accepted_ &&
         SSL_get_verify_result(ssl_.get()) == X509_V_OK;
}

int TlsClient::judge(const std::vector<Bytes>& chain) {
  if (judge_ == nullptr) {
    return X509_V_OK;
  }
  const int verdict = judge_->judge(chain);
  accepted_ = verdict == X509_V_OK;
  return verdict;
}

void TlsClient::log_key(std::string_view line) const {
  if (key_log_) {
    key_log_(line);
  }
}

void TlsClient::advance() {
  ERR_clear_error();
  if (state_ == State::Handshaking) {
    const int result = SSL_do_handshake(ssl_.get());
    if (facts_->cipher && facts_->cipher_name.empty()) {
      facts_->cipher_name = cipher_name(ssl_.get(), *facts_->cipher);
    }
    if (result != 1) {
      settle(result);
      return;
    }
    state_ = State::Established;
    was_established_ = true;
  }
  read_plain();
}

void TlsClient::read_plain() {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written before it is read
  std::array<std::uint8_t, 4096> buffer;
  while (state_ == State::Established && plain_.size() < kMaxPlainBytes) {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) {
      settle(count);
      return;
    }
    plain_.insert(plain_.end(), buffer.begin(), buffer.begin() + count);
  }
}

// Decides what a call that did not succeed means.
void TlsClient::settle(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
    return;
  }
  state_ = State::Ended;
  const Phase phase = was_established_ ? Phase::AfterHandshake : Phase::Handshake;
  const auto received = reader_.last_received();
  const auto sent = reader_.last_sent();
  if (error == SSL_ERROR_ZERO_RETURN) {
    // close_notify: before the handshake's end that is an answer worth naming, after it an end.
    if (!was_established_ && received) {
      outcome_ = AlertReceived{.phase = phase, .level = received->level, .code = received->code};
    }
    return;
  }
  // libssl puts a fatal alert of the peer's on its queue as this reason; a warning before it would
  // still be the last alert received, but is not why we stopped.
  const bool peer_ended =
      received && ERR_GET_REASON(ERR_peek_error()) == SSL_AD_REASON_OFFSET + received->code;
  if (peer_ended) {
    outcome_ = AlertReceived{.phase = phase, .level = received->level, .code = received->code};
    return;
  }
  outcome_ =
      RefusedByUs{.phase = phase,
                  .reason = last_reason(),
                  .alert_sent = sent ? std::optional<std::uint8_t>(sent->code) : std::nullopt};
  ERR_clear_error();
}

}  // namespace medic::probe
