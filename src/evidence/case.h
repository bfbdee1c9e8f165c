#pragma once

// All facts gathered for one diagnosis: complete, serialisable, replayable offline. A case holds
// what the world answered and what the person asked, never a judgement, and never a secret: proxy
// credentials, keys and passphrases have no field here.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "evidence/client_facts.h"
#include "evidence/handshake.h"
#include "evidence/world.h"

namespace medic::evidence {

struct TargetFacts {
  std::string url;      // as normalised, without userinfo: "https://example.org:443/"
  std::string host;     // A-labels, or a numeric address without brackets
  std::string unicode;  // for people; equals host for ASCII names
  bool is_address = false;
  std::uint16_t port = 443;
  std::string starttls;  // protocol id; empty: TLS at once
  bool http = true;      // ask for HEAD / after the handshake
};

// A proxy the person or the environment named. `url` is without credentials.
struct ProxyFacts {
  std::string id;      // "p0"; specs name it
  std::string url;     // "http://proxy.example:3128"
  std::string source;  // "--proxy", "https_proxy", ...
};

// One trust store: what was looked up in it, which is all that the reasoning saw.
struct StoreFacts {
  std::string id;           // "system", "mozilla", "roots"
  std::string description;  // for people
  std::uint32_t size = 0;
  std::vector<Bytes> anchors;  // DER of every anchor that a lookup returned
};

// What the person asked for, as far as it decides the reasoning.
struct Asked {
  std::optional<std::string> sni;  // --sni NAME; "" for --sni none; none: the host
  AddressFamily family = AddressFamily::Any;
  std::vector<std::string> addresses;  // --resolve, --connect-to: dial these instead of resolving
  std::string profiles = "all";        // --profile; "none": installed clients only
  std::string roots;                   // --roots as given; empty: each profile's own store
  std::string proxy;                   // id of the proxy to go through; empty: direct
  bool client_certificate = false;     // one was given
  bool revocation = true;              // may OCSP and CRL be asked
  std::uint32_t deadline_ms = 10000;
  bool fetch_private = false;  // AIA, OCSP and CRL hosts may be private: the target itself is
};

struct FetchRecord {
  FetchQuestion question;
  Fetched answer;
};

struct Case {
  std::string program;  // "tlsmedic 0.1.0"
  Time at{};            // the clock of the diagnosis
  TargetFacts target;
  Asked asked;
  std::vector<ProxyFacts> proxies;
  std::vector<Resolution> resolutions;
  std::vector<Handshake> handshakes;
  std::vector<FetchRecord> fetches;
  std::vector<StoreFacts> stores;
  std::vector<ClientFacts> clients;  // installed ones that were asked about
  std::vector<Bytes> pool;           // DER of further certificates the person gave (--issuers)
};

// "tlsmedic.case/1" JSON. The text is deterministic: equal cases give equal bytes.
std::string case_json(const Case& c);
// At most 32 MiB. An Error names the JSON path that is wrong.
Result<Case> parse_case(std::string_view json);

}  // namespace medic::evidence
