#pragma once

// One bounded exchange over plain HTTP: what a URL found in a certificate, or a port that is not
// TLS, may cost us and no more.

#include <atomic>
#include <string>
#include <vector>

#include "evidence/world.h"
#include "target/proxy.h"

namespace medic::probe {

// Redirects are followed for GET only, at most 3, and each target is checked like the first.
inline constexpr int kMaxRedirects = 3;

struct HttpUrl {
  std::string host;  // as target::Host::ascii
  std::uint16_t port = 80;
  std::string path;  // with the query, never empty
};
// http:// only; userinfo is refused.
Result<HttpUrl> parse_http_url(std::string_view url);

// The proxy that a fetch goes through, and who may vouch for an https:// one (DER). Null: direct.
struct FetchProxy {
  const target::Proxy* proxy = nullptr;
  const std::vector<Bytes>* anchors = nullptr;
};

// Where to dial, in order, until one connects: the URL's host, or the proxy.
struct FetchRoute {
  std::vector<std::string> addresses;  // numeric
  std::uint16_t port = 80;
  FetchProxy by;
};

evidence::Fetched exchange(const evidence::FetchQuestion& question, const HttpUrl& url,
                           const FetchRoute& route, const std::atomic<bool>* stop);

}  // namespace medic::probe
