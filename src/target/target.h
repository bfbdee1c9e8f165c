#pragma once

// What the user asked about: a URL, host, host:port or address, as text in and a Target out. No
// name is resolved here, and no password survives: userinfo, query and fragment are dropped,
// because targets are printed and saved in cases.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace medic::target {

enum class HostKind { Dns, Ipv4, Ipv6 };

// How TLS starts on the connection. Plain: the scheme uses no TLS at all (http://), which is kept
// as asked; `http://host:443` then shows what a plain client would get there.
enum class Security { Tls, StartTls, Plain };

struct Host {
  std::string ascii;    // A-labels in lower case, or the canonical address without brackets
  std::string unicode;  // for people; equal to `ascii` when there is nothing to decode
  HostKind kind = HostKind::Dns;
  bool rooted = false;  // written with a trailing dot: the resolver's search list does not apply
};

struct Target {
  std::string scheme;  // lower case; "https" for a bare host
  std::string host;    // as Host::ascii; what SNI and certificates are compared with
  std::string unicode_host;
  HostKind kind = HostKind::Dns;
  bool rooted = false;
  std::uint16_t port = 443;
  std::string path = "/";  // without query and fragment
  Security security = Security::Tls;
  std::string
      starttls;  // id of the STARTTLS protocol, e.g. "smtp"; empty unless Security::StartTls

  // "https://example.com:8443/" with the ASCII host; the port only where it is not the scheme's.
  [[nodiscard]] std::string url() const;
  // "example.com:443", "[::1]:443"
  [[nodiscard]] std::string authority() const;
};

struct Scheme {
  std::string_view name;
  std::uint16_t port = 0;
  Security security = Security::Tls;
  std::string_view starttls;
};

enum class StartTlsByPort { No, Yes };

struct TargetRules {
  // For text without a scheme: whether a well-known port (25, 143, 5432, ...) implies STARTTLS. Off
  // by default: people put TLS on any port, and a wrong dialogue hides the answer.
  StartTlsByPort starttls_by_port = StartTlsByPort::No;
};

std::span<const Scheme> known_schemes();
// The STARTTLS protocol whose well-known port this is, or empty.
std::string_view starttls_of_port(std::uint16_t port);

// A name (ASCII or Unicode; UTS #46 non-transitional) or an address, brackets optional.
Result<Host> parse_host(std::string_view text);
Result<std::uint16_t> parse_port(std::string_view text);
Result<Target> parse_target(std::string_view text, const TargetRules& rules = {});

// A host as it stands in a URL: brackets round an IPv6 address, its zone as RFC 6874 writes it.
std::string url_host(std::string_view host);
// "host:port", the host as in a URL.
std::string authority_text(std::string_view host, std::uint16_t port);

// "host", "host:port", "[v6]:port" or a bare IPv6 address, split but not judged.
struct Authority {
  std::string_view host;
  std::optional<std::string_view> port;
};
Result<Authority> split_authority(std::string_view text);

}  // namespace medic::target
