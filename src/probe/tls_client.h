#pragma once

// One TLS client as bytes in and bytes out: an SSL over two memory BIOs. It looks and never trusts:
// no certificate is verified, everything the peer sends is recorded (handshake_reader.h). No
// sockets, no clock; tests and fuzzers feed it bytes, and a second one runs inside a first (TLS to
// a proxy).

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "evidence/handshake.h"
#include "probe/handshake_reader.h"
#include "probe/openssl_ptr.h"

namespace medic::probe {

// What we show when the server asks for a client certificate.
struct ClientIdentity {
  X509Ptr leaf;
  std::vector<X509Ptr> chain;
  EvpKeyPtr key;
};
// `chain` is DER, leaf first; `key` is DER (PKCS #8 or the algorithm's own form), not encrypted.
// Errors quote nothing of the key.
Result<ClientIdentity> parse_identity(const std::vector<Bytes>& chain, ByteView key);

struct TlsSettings {
  std::optional<std::string> sni;
  evidence::TlsVersion min_version = evidence::TlsVersion::Tls12;
  evidence::TlsVersion max_version = evidence::TlsVersion::Tls13;
  evidence::Offer offer = evidence::Offer::Mainstream;
  // OpenSSL 3.0 has no ML-KEM. PostQuantum adds an extension of a GREASE type (RFC 8701) with 1,216
  // random octets: the size of an X25519MLKEM768 key share (FIPS 203: 1,184, and 32). Simulated:
  // the size, its spread over two TCP segments, its random content. Not simulated: the group in
  // supported_groups and the place inside key_share, so boxes that choke on the *group*, and
  // servers that would choose it, behave as for the classical hello.
  evidence::HelloSize hello = evidence::HelloSize::Classical;
  std::string alpn;                          // one protocol; empty: no extension
  const ClientIdentity* identity = nullptr;  // must outlive the client
};

class TlsClient {
 public:
  enum class State { Handshaking, Established, Ended };

  // `facts` receives what is seen and must outlive the client.
  TlsClient(const TlsSettings& settings, evidence::Handshake& facts);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  TlsClient(TlsClient&&) = delete;
  TlsClient& operator=(TlsClient&&) = delete;

  // Makes the ClientHello.
  void start();
  void feed(ByteView wire);
  // What must go to the wire now.
  Bytes take_output();

  void write(ByteView plain);
  // Plain bytes that have arrived.
  Bytes take_plain();
  // Sends close_notify, which is not recorded: it is courtesy, not evidence.
  void end();

  [[nodiscard]] State state() const { return state_; }
  // Why it ended: AlertReceived or RefusedByUs, phase Handshake or AfterHandshake. None while it
  // runs, and when the peer closed in order.
  [[nodiscard]] const std::optional<evidence::Outcome>& outcome() const { return outcome_; }
  // Whether the hello is to carry the post-quantum-sized extension; asked by the extension
  // callback.
  [[nodiscard]] bool is_large_hello() const { return large_hello_; }

  void record(Direction direction, int content_type, ByteView bytes);

 private:
  void advance();
  void read_plain();
  void settle(int result);

  HandshakeReader reader_;
  SslPtr ssl_;
  BIO* in_ = nullptr;   // owned by ssl_
  BIO* out_ = nullptr;  // owned by ssl_
  State state_ = State::Handshaking;
  std::optional<evidence::Outcome> outcome_;
  Bytes plain_;
  bool large_hello_ = false;
  bool recording_ = true;
  bool was_established_ = false;
  evidence::Handshake* facts_;
};

}  // namespace medic::probe
