#pragma once

// `--resolve HOST:PORT:ADDR[,ADDR]` and `--connect-to HOST1:PORT1:HOST2:PORT2`, as curl has them.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace medic::target {

struct ResolveOverride {
  std::string host;  // as Host::ascii, or "*" for every host
  std::uint16_t port = 0;
  std::vector<std::string> addresses;  // canonical, in the order given
};

// An empty host or a zero port: any (left side), or unchanged (right side).
struct ConnectTo {
  std::string from_host;
  std::uint16_t from_port = 0;
  std::string to_host;
  std::uint16_t to_port = 0;
};

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

// curl's leading + (an entry that times out) is accepted and means nothing here; its -HOST:PORT,
// which removes an entry from a cache, is an Error: there is no cache.
Result<ResolveOverride> parse_resolve(std::string_view text);
Result<ConnectTo> parse_connect_to(std::string_view text);

// The addresses for host and port, or null. As in curl an exact host wins over "*", and of two
// entries for the same host and port the later one.
const ResolveOverride* find_override(std::span<const ResolveOverride> overrides,
                                     std::string_view host, std::uint16_t port);
enum class Family { Any, Ipv4, Ipv6 };
// Those of the family, in order. As in curl an override without one of it is no override.
std::vector<std::string> of_family(std::span<const std::string> addresses, Family family);

// Where to go for host and port: the first rule that matches decides, as in curl.
HostPort connect_to(std::span<const ConnectTo> rules, std::string_view host, std::uint16_t port);

}  // namespace medic::target
