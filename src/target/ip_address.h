#pragma once

// IPv4 and IPv6 literals: text in, 4 or 16 octets out, and the one canonical text form (RFC 5952)
// that evidence uses, so that equal addresses are equal strings.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace medic::target {

struct IpAddress {
  bool v6 = false;
  std::array<std::uint8_t, 16> octets{};  // IPv4 uses the first four
  std::string zone;                       // IPv6 scope: "eth0" of fe80::1%eth0

  bool operator==(const IpAddress&) const = default;
};

// Strict: four decimal parts without leading zeros, or RFC 4291 section 2.2 with an optional zone.
// No brackets.
std::optional<IpAddress> parse_ip(std::string_view text);
std::string ip_text(const IpAddress& address);

// Not reachable from the public Internet: unspecified, loopback, link-local, private, shared (RFC
// 6598), unique-local, multicast, and the IPv6 forms that carry such an IPv4 address (mapped,
// NAT64, 6to4).
bool is_private(const IpAddress& address);

// The first `bits` bits of both are equal, and both are of one family.
bool in_prefix(const IpAddress& address, const IpAddress& network, unsigned bits);

}  // namespace medic::target
