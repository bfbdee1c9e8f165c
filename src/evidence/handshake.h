#pragma once

// One TCP connection, one ClientHello, and what came back. Facts only: no field says "good" or
// "bad". Durations come from the steady clock, so a clock step cannot make one negative.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "evidence/probe_spec.h"

namespace medic::evidence {

enum class Phase { Connect, Proxy, StartTls, Handshake, AfterHandshake };

// What the peer did. Every alternative is a successful observation.
struct Completed {};
// RFC 8446 section 6: level 1 warning, 2 fatal; `code` an AlertDescription.
struct AlertReceived {
  Phase phase = Phase::Handshake;
  std::uint8_t level = 2;
  std::uint8_t code = 0;
};
// Our own TLS library refused what the peer sent: its reason string ("dh key too small") and the
// alert it sent, if any.
struct RefusedByUs {
  Phase phase = Phase::Handshake;
  std::string reason;
  std::optional<std::uint8_t> alert_sent;
};
struct TimedOut {
  Phase phase = Phase::Handshake;
  std::chrono::milliseconds after{};
};
// The peer closed in order (FIN) or with a reset (RST).
struct Closed {
  Phase phase = Phase::Handshake;
  bool reset = false;
};
// Bytes that are no TLS record. `protocol` is "http", "smtp", "imap", "pop3", "ftp", "ssh",
// "mysql", "postgres", ... or "unknown".
struct NotTls {
  std::string first_bytes;  // at most 64, raw
  std::string protocol;
};
// The TCP connection was not made: "refused", "unreachable", "timeout", "no-route", "other".
struct NotConnected {
  std::string reason;
  std::string detail;
};
// The proxy did not give us a tunnel. `status` 0: it did not answer in HTTP or SOCKS at all.
struct ProxyRefused {
  int status = 0;
  std::string reason;        // the status line, a SOCKS error, or what went wrong
  std::string body_excerpt;  // at most 256 bytes, raw
};
// The plain-text dialogue before TLS did not reach its end.
struct StartTlsRefused {
  std::string reason;
  std::string transcript;  // at most 1024 bytes, raw, what the server said
};
using Outcome = std::variant<Completed, AlertReceived, RefusedByUs, TimedOut, Closed, NotTls,
                             NotConnected, ProxyRefused, StartTlsRefused>;

struct Alert {
  bool sent = false;  // by us; false: by the peer
  std::uint8_t level = 2;
  std::uint8_t code = 0;
};

// The answer to `HEAD / HTTP/1.1` over the finished session, where it was asked for.
struct HttpAnswer {
  int status = 0;
  std::optional<Time> date;  // the server's clock
  std::string location;
  std::string server;
};

struct Handshake {
  ProbeSpec spec;
  std::string peer;  // the numeric address really dialled (the proxy's, when there is one)
  Outcome outcome;

  std::optional<TlsVersion> version;  // none: no ServerHello arrived
  std::optional<std::uint16_t> cipher;
  std::string cipher_name;
  std::string group;             // "x25519", "P-256", "ffdhe2048", "dh" ...; empty: not known
  std::uint32_t group_bits = 0;  // size of the ephemeral key; 0: not known
  std::string peer_signature;    // e.g. "ecdsa_secp256r1_sha256"; empty: not known
  std::optional<bool> secure_renegotiation;  // RFC 5746; none: TLS 1.3 or no ServerHello
  std::vector<Bytes> chain;                  // DER as sent, in the order sent
  Bytes ocsp_staple;                         // DER OCSPResponse; empty: none
  bool client_certificate_requested = false;
  std::vector<Bytes> client_ca_names;  // DER Names of the CertificateRequest
  std::string alpn;
  std::vector<Alert> alerts;  // both directions, in order
  std::optional<HttpAnswer> http;

  std::uint32_t client_hello_bytes = 0;  // the handshake message with its record header
  std::uint32_t bytes_sent = 0;          // TCP payload
  std::uint32_t bytes_received = 0;
  std::chrono::microseconds tcp_connect{};
  std::optional<std::chrono::microseconds> proxy_ready;
  std::optional<std::chrono::microseconds> starttls_ready;
  std::optional<std::chrono::microseconds> first_reply;  // hello sent to first byte; none: silence
  std::chrono::microseconds total{};
};

}  // namespace medic::evidence
