#pragma once

// Everything a diagnosis may ask of the world, as questions and answers that can be recorded and
// replayed. `probe/` answers from the wire, `Recorder` (recorder.h) keeps each answer, `Replay`
// (replay.h) answers from a saved case: so `--from case.json` repeats the reasoning exactly.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "evidence/handshake.h"

namespace medic::evidence {

enum class AddressFamily { Any, Ipv4, Ipv6 };

struct Resolution {
  std::string host;
  AddressFamily family = AddressFamily::Any;
  std::vector<std::string> addresses;  // numeric, in the resolver's order
  std::string error;                   // empty: it worked; else the resolver's words
  bool answered = true;                // false: not in this recorded case
};

// A bounded plain-HTTP exchange: AIA issuers, OCSP, CRL, the plain port.
struct FetchQuestion {
  std::string url;      // http:// only
  std::string purpose;  // "aia", "ocsp", "crl", "plain"
  Bytes body;           // not empty: POST with `content_type`
  std::string content_type;
  std::uint32_t max_bytes = 1U << 20U;
  std::uint32_t deadline_ms = 10000;
  bool allow_private =
      false;  // loopback, link-local and private addresses: only when the target is there
  // Dial this numeric address instead of resolving the URL's host (the plain-HTTP probe); empty:
  // resolve.
  std::string address;
};

struct Fetched {
  std::string url;
  int status = 0;  // 0: no HTTP answer
  Bytes body;
  std::string content_type;
  std::string location;  // of a redirect that was not followed
  std::string server;
  std::string error;  // empty: an HTTP answer arrived; else why not
  bool answered = true;
};

class World {
 public:
  virtual ~World() = default;
  virtual Resolution resolve(const std::string& host, AddressFamily family) = 0;
  // All at once within the per-target cap; answers in the order asked. A spec that a recorded case
  // does not hold comes back as none.
  virtual std::vector<std::optional<Handshake>> handshakes(std::span<const ProbeSpec> specs) = 0;
  virtual Fetched fetch(const FetchQuestion& question) = 0;
};

}  // namespace medic::evidence
