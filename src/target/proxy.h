#pragma once

// Proxy settings: one proxy URL, and what the environment says for a target (http_proxy,
// https_proxy, all_proxy, no_proxy).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "target/secret.h"
#include "target/target.h"

namespace medic::target {

// Socks5 resolves the target's name here, Socks5h leaves that to the proxy (curl's words).
enum class ProxyKind { Http, Https, Socks5, Socks5h };

struct ProxyCredentials {
  Secret user;
  Secret password;
};

struct Proxy {
  ProxyKind kind = ProxyKind::Http;
  std::string host;  // as Host::ascii
  std::uint16_t port = 80;
  std::optional<ProxyCredentials> credentials;

  // "http://proxy.corp:8080"; says with "(credentials)@" that there are some, never which.
  [[nodiscard]] std::string text() const;
};

// "http://user:password@host:port", "socks5h://[::1]:1080", "host:port" (HTTP). An Error never
// quotes what stands before the @.
Result<Proxy> parse_proxy(std::string_view text);

// What the environment decides for one target. `variable` names where the proxy comes from,
// `bypass` the no_proxy entry that kept it from being used.
struct ProxyChoice {
  std::optional<Proxy> proxy;
  std::string variable;
  std::string bypass;
};

// The entry of a no_proxy list that covers the host, or empty.
std::string no_proxy_match(std::string_view no_proxy, const Target& target);

// An Error when the variable that applies holds no proxy URL (it names the variable, not its
// value).
Result<ProxyChoice> proxy_from_environment(const Target& target, const Environment& environment);

}  // namespace medic::target
