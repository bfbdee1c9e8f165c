#pragma once

// One TLS client as bytes in and bytes out: an SSL over two memory BIOs. It looks and never trusts:
// no certificate is verified unless a ChainJudge is given, everything the peer sends is recorded
// (handshake_reader.h). No sockets, no clock; tests and fuzzers feed it bytes, and a second one
// runs inside a first (TLS to a proxy).

#include <functional>
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

// Who decides, inside the handshake, whether the peer's chain is accepted.
class ChainJudge {
 public:
  virtual ~ChainJudge() = default;
  // X509_V_OK accepts; any other X509_V_ERR_* ends the handshake with the alert that libssl has for
  // it. `chain` is DER as sent, leaf first.
  virtual int judge(const std::vector<Bytes>& chain) = 0;
};

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
  std::string alpn;                          // protocols with commas; empty: no extension
  const ClientIdentity* identity = nullptr;  // must outlive the client
  ChainJudge* judge = nullptr;  // null: every chain is accepted; must outlive the client
  // Given each line of the NSS key log format; empty: no keys leave libssl.
  std::function<void(std::string_view line)> key_log{};
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

  // Established, and the judge accepted the chain that libssl holds.
  [[nodiscard]] bool is_verified() const;

  // What libssl's callbacks tell.
  void record(Direction direction, int content_type, ByteView bytes);
  // X509_V_OK without a judge.
  int judge(const std::vector<Bytes>& chain);
  void log_key(std::string_view line) const;

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
  ChainJudge* judge_;
  bool accepted_ = false;
  std::function<void(std::string_view)> key_log_;
  evidence::Handshake* facts_;
};

}  // namespace medic::probe
