#include <algorithm>
#include <charconv>
#include <system_error>

#include "target/ip_address.h"
#include "target/proxy.h"

// The union of what curl, Python (requests) and Go accept, since the question is whether the user
// *meant* to bypass the proxy. Where they differ:
//   ".example.com"      curl, Python: also example.com itself; Go: subdomains only. Here: both.
//   "*.example.com"     Go: subdomains; curl, Python: never matches. Here: subdomains.
//   "example.com:8443"  Python, Go: that port only; curl: never matches. Here: that port.
//   "10.0.0.0/8"        curl >= 7.86, Go, requests (IPv4 only); older curl: never. Here: both
//   families. localhost           Go never proxies it; curl and Python do. Here: only when listed.
//   separators          Go, Python: comma; curl: comma and white space. Here: as curl.

namespace medic::target {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool covers_address(std::string_view entry, const IpAddress& host) {
  unsigned bits = host.v6 ? 128 : 32;
  if (const std::size_t slash = entry.find('/'); slash != std::string_view::npos) {
    const std::string_view digits = entry.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
      return false;
    }
    entry = entry.substr(0, slash);
  }
  const auto network = parse_ip(entry);
  return network && in_prefix(host, *network, bits);
}

bool covers_name(std::string_view entry, std::string_view host) {
  bool itself = true;
  if (entry.starts_with("*.")) {
    itself = false;
    entry.remove_prefix(1);
  }
  if (entry.starts_with('.')) {
    entry.remove_prefix(1);
  }
  if (entry.ends_with('.')) {
    entry.remove_suffix(1);
  }
  if (entry.empty()) {
    return false;
  }
  if (host == entry) {
    return itself;
  }
  return host.size() > entry.size() && host.ends_with(entry) &&
         host[host.size() - entry.size() - 1] == '.';
}

bool covers(const std::string& entry, const Target& target) {
  if (entry == "*") {
    return true;
  }
  std::string_view host = entry;
  const auto whole = parse_ip(entry);
  if (!whole) {  // "::1" is an address, not a host with a port
    const auto parts = split_authority(entry);
    const Authority split = parts.has_value() ? *parts : Authority{};
    if (split.port.has_value()) {
      const auto port = parse_port(*split.port);
      if (!port.has_value() || *port != target.port) {
        return false;
      }
      host = split.host;
    }
  }
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (target.kind == HostKind::Dns) {
    if (covers_name(host, target.host)) {
      return true;
    }
    // An entry in Unicode is compared in its ASCII form.
    const auto ascii = parse_host(host.substr(host.starts_with('.') ? 1 : 0));
    return ascii && ascii->kind == HostKind::Dns && ascii->unicode != ascii->ascii &&
           covers_name(ascii->ascii, target.host);
  }
  const auto address = parse_ip(target.host);
  return address && covers_address(host, *address);
}

}  // namespace

std::string no_proxy_match(std::string_view no_proxy, const Target& target) {
  constexpr std::string_view kSeparators = ", \t\r\n";
  while (!no_proxy.empty()) {
    const std::size_t end = std::min(no_proxy.find_first_of(kSeparators), no_proxy.size());
    const std::string entry = lower(no_proxy.substr(0, end));
    if (!entry.empty() && covers(entry, target)) {
      return entry;
    }
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
  }
  return {};
}

}  // namespace medic::target
