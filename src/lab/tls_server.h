#pragma once

// A TLS server of the lab: a plan of plain values, and the script that serves it with libssl. After
// the handshake it answers one HTTP request. What libssl refuses to do by itself is bent here, each
// bend with its reason.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "lab/certificate_maker.h"
#include "lab/connection.h"
#include "lab/key.h"

namespace medic::lab {

// What a server shows: certificates as sent, leaf first, and the key it signs with.
struct Credential {
  std::vector<Bytes> chain;
  Key key;
};

enum class TlsVersion : std::uint16_t {
  Tls10 = 0x0301,
  Tls11 = 0x0302,
  Tls12 = 0x0303,
  Tls13 = 0x0304
};

enum class ClientCertificate { NotAsked, Asked, Required };

// What the server does with the name in the ClientHello.
enum class SniRule {
  Ignore,         // same certificate whatever the name
  RejectUnknown,  // fatal unrecognized_name for names not in `known_names`, and for none
  WarnUnknown,    // the same alert at warning level, then the handshake goes on (TLS 1.2 and below)
  RejectAny,      // fatal unrecognized_name for every name; works without
  OtherForAnyName,  // `other` for every name; the right certificate without
};

struct TlsPlan {
  Credential shown;
  TlsVersion min_version = TlsVersion::Tls12;
  TlsVersion max_version = TlsVersion::Tls13;
  std::string ciphers;               // OpenSSL list for TLS 1.2 and below; empty: OpenSSL's default
  std::string groups;                // OpenSSL list; empty: default
  bool dhe_1024 = false;             // a 1024-bit group for DHE (RFC 2409 section 6.2)
  bool secure_renegotiation = true;  // RFC 5746; false: behaves like a server from before 2010
  Bytes ocsp_staple;

  SniRule sni = SniRule::Ignore;
  std::vector<std::string> known_names;
  std::optional<Credential> other;  // for OtherForAnyName, and for `alternate`
  bool alternate = false;           // every second connection shows `other`

  ClientCertificate client_certificate = ClientCertificate::NotAsked;
  std::string client_roots_pem;                    // who may issue client certificates
  std::vector<DistinguishedName> client_ca_names;  // the CertificateRequest's list

  std::string body = "tlsmedic lab\n";
};

// The server's clock for HTTP Date headers: the lab's instant plus the time it has been running.
class LabClock {
 public:
  explicit LabClock(Time at) : at_(at) {}
  [[nodiscard]] Time now() const;
  [[nodiscard]] std::string http_date() const;

 private:
  Time at_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class TlsServer {
 public:
  virtual ~TlsServer() = default;
  // Handshake, one HTTP exchange, orderly end. Thread-safe.
  virtual void serve(Connection& connection) const = 0;
};

std::shared_ptr<const TlsServer> make_tls_server(TlsPlan plan, LabClock clock);

}  // namespace medic::lab
