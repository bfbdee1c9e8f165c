#pragma once

// A TLS 1.3 and 1.2 client that looks and leaves: it reads what the server shows, checks the
// signature that proves the server's key over this very handshake, and ends with an alert before
// the handshake is finished. Bytes in, bytes out; no socket, no clock, no trust: chains are judged
// elsewhere. What it does not know makes it Unsupported, and libssl is to be asked instead
// (src/probe): it never guesses.
//
// Deviations from RFC 8446, each because nothing is ever sent under the keys: the key share is the
// same for every connection of a thread; the server's Finished is not awaited. Of a TLS 1.2
// handshake no key is derived at all.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "tlswire/hello.h"
#include "tlswire/tools.h"
#include "tlswire/wire.h"
#include "x509/certificate.h"

namespace medic::tlswire {

enum class Depth {
  Certificate,    // what is shown; whose key it is stays unproven
  Authenticated,  // and the server has proven that it holds the leaf's key
};

enum class State {
  Talking,
  Certificates,   // depth Certificate is reached
  Authenticated,  // depth Authenticated is reached
  Alerted,        // the server sent a fatal alert
  Refused,        // we did: what the server sent breaks a rule
  NotTls,         // the first bytes are no TLS record
  Unsupported,    // libssl is to be asked
};

struct Alert {
  std::uint8_t level = 2;
  std::uint8_t code = 0;
};

// What the server showed.
struct Shown {
  std::uint16_t version = 0;  // 0: no ServerHello
  std::uint16_t cipher = 0;
  std::uint16_t group = 0;   // 0: not known
  std::uint16_t scheme = 0;  // of the signature that proves the key; 0: none was seen
  std::vector<x509::CertificatePtr> chain;  // as sent
  Bytes ocsp_staple;
  bool client_certificate_requested = false;
  bool retried = false;              // a HelloRetryRequest came first
  std::vector<Alert> alerts;         // received, in order
  std::optional<std::uint8_t> sent;  // the fatal alert that we sent
};

class Client {
 public:
  // `tools` must outlive the client.
  Client(Tools& tools, HelloText text, Depth depth);

  void feed(ByteView wire);
  // What must go to the wire now: the ClientHello at first, an alert at last.
  Bytes take_output();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Shown& shown() const { return shown_; }
  Shown take_shown() { return std::move(shown_); }
  // Of Refused, Unsupported: why, in English.
  [[nodiscard]] std::string_view reason() const { return reason_; }
  // Of NotTls: how it begins, at most 64 bytes.
  [[nodiscard]] ByteView first_bytes() const { return first_bytes_; }
  // The handshake message with its record header.
  [[nodiscard]] std::uint32_t hello_bytes() const { return hello_bytes_; }

 private:
  enum class Expect : std::uint8_t {
    ServerHello,
    EncryptedExtensions,
    RequestOrCertificate,
    Certificate,
    CertificateVerify,
    Certificate12,
    StatusOrKeyExchange12,
    KeyExchange12,
    RequestOrDone12,
    Done12,
  };
  struct Step;
  static const Step* step_for(Expect expect, HandshakeType type);
  struct ServerHello;

  void send_hello(ByteView cookie);
  void put_record(ContentType type, ByteView body);

  // The size of the first record in `wire`, or 0: not all here yet. May end the talk.
  std::size_t record_size(ByteView wire);
  void record(ByteView record);
  void sealed_record(HandshakeKeys& keys, ByteView record);
  void content(ContentType type, ByteView content);
  void handshake_bytes(ByteView bytes);
  void alert(ByteView content);
  void message(HandshakeType type, ByteView whole);

  // Handlers of messages: without the header.
  void server_hello(ByteView body);
  void encrypted_extensions(ByteView body);
  void certificate_request(ByteView body);
  void certificate(ByteView body);
  void certificate_verify(ByteView body);
  void certificate12(ByteView body);
  void certificate_status(ByteView body);
  void server_key_exchange(ByteView body);
  void certificate_request12(ByteView body);
  void server_hello_done(ByteView body);

  bool read_server_hello(ByteView body, ServerHello& hello);
  bool read_hello_extension(std::uint16_t type, ByteView data, ServerHello& hello);
  void retry(const ServerHello& hello);
  void choose13(const ServerHello& hello);
  void choose12(const ServerHello& hello);
  bool add_certificate(ByteView der);
  bool read_certificate_extensions(ByteView list);
  void chain_complete();
  void check_signature(std::uint16_t scheme, ByteView content, ByteView signature);

  void refuse(AlertCode code, std::string_view reason);
  void unsupported(std::string_view reason);
  void conclude(State state);
  void send_alert(std::uint8_t level, AlertCode code);

  Tools* tools_;
  HelloText text_;
  Depth depth_;
  State state_ = State::Talking;
  Expect expect_ = Expect::ServerHello;
  Group share_ = Group::X25519;
  std::string_view reason_;
  Shown shown_;
  Bytes output_;
  Bytes inbound_;     // the beginning of a record
  Bytes messages_;    // the beginning of a handshake message
  Bytes transcript_;  // TLS 1.3: every message so far
  Bytes first_bytes_;
  std::optional<HandshakeKeys> keys_;
  Suite suite_ = Suite::Aes128GcmSha256;  // TLS 1.3
  std::array<std::uint8_t, 32> server_random_{};
  bool status_announced_ = false;
  bool first_record_ = true;
  std::uint8_t idle_records_ = 0;
  std::uint32_t hello_bytes_ = 0;
};

}  // namespace medic::tlswire
