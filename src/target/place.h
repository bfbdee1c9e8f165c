#pragma once

// What many servers were asked for at once, as text in and places out: hosts, URLs, addresses,
// whole networks. A network is a range that yields its places one at a time, so that a large one
// costs nothing to hold.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "target/ip_address.h"

namespace medic::target {

// One name or address with its port: what one record is about.
struct Place {
  std::string host;     // as Host::ascii; SNI and what certificates must name
  std::string address;  // numeric, to dial; empty: `host` is looked up
  std::uint16_t port = 443;
  std::string starttls;  // protocol id; empty: TLS at once

  // "example.org:443", "example.org@192.0.2.1:443": equal places have equal texts, and it can be
  // given back to a scan.
  [[nodiscard]] std::string text() const;
};

struct PlaceRules {
  std::uint16_t port = 443;  // where the text has none
  // A protocol's id, "auto" (by well-known port) or empty (none, unless a URL says so).
  std::string starttls;
};

// The places that one line stands for.
class Places {
 public:
  // "host", "host:port", a URL, "192.0.2.0/24", "192.0.2.0/24:8443", "192.0.2.1-192.0.2.40",
  // "192.0.2.1-40", "[2001:db8::]/120", "name@address", "name@address:port".
  static Result<Places> parse(std::string_view line, const PlaceRules& rules);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  std::optional<Place> next();

 private:
  Place pattern_;
  std::optional<IpAddress> at_;  // of a range: the next address
  std::uint64_t count_ = 1;      // left
};

// Addresses, networks and names that must not be contacted.
class Exclusions {
 public:
  // "192.0.2.1", "192.0.2.0/24", "example.org", "*.example.org", "example.org:8443".
  Result<void> add(std::string_view text);
  [[nodiscard]] bool empty() const { return networks_.empty() && names_.empty(); }
  [[nodiscard]] bool covers(const Place& place) const;
  [[nodiscard]] bool covers_address(std::string_view address) const;

 private:
  struct Network {
    IpAddress network;
    unsigned bits = 0;
  };
  struct Name {
    std::string suffix;  // with its dot for "*."
    std::uint16_t port = 0;
    bool wildcard = false;
  };
  std::vector<Network> networks_;
  std::vector<Name> names_;
};

}  // namespace medic::target
