#pragma once

// One question to the wire: one connection and one ClientHello. Two equal specs are the same
// question; `repeat` tells apart the same question asked again.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "evidence/tls.h"

namespace medic::evidence {

// What the ClientHello offers besides the version range.
enum class Offer {
  Mainstream,  // what a current OpenSSL client offers at security level 2
  Everything,  // level 0: every cipher, group, signature algorithm, legacy renegotiation: for
               // looking only
};

// Current browsers, Go, Node 24 and OpenSSL 3.5 send a post-quantum key share, which makes the
// hello larger than one TCP segment; some middleboxes drop it.
enum class HelloSize { Classical, PostQuantum };

struct ProbeSpec {
  std::string address;  // numeric IPv4 or IPv6 to dial (or, through a proxy, the host name)
  std::uint16_t port = 443;
  std::optional<std::string> sni;  // none: no server_name extension
  TlsVersion min_version = TlsVersion::Tls12;
  TlsVersion max_version = TlsVersion::Tls13;
  Offer offer = Offer::Mainstream;
  HelloSize hello = HelloSize::Classical;
  std::string starttls;  // id of a STARTTLS protocol; empty: TLS at once
  std::string proxy;     // id of a proxy in the evidence ("none", "p0"); never credentials
  bool client_certificate = false;  // present the one the user gave
  bool http = false;  // after the handshake: HEAD /, for Date and for what only answers show
  std::uint32_t deadline_ms = 10000;
  std::uint32_t repeat = 0;

  auto operator<=>(const ProbeSpec&) const = default;
};

}  // namespace medic::evidence
