#pragma once

// One bounded exchange over plain HTTP: what a URL found in a certificate, or a port that is not
// TLS, may cost us and no more.

#include <atomic>
#include <string>
#include <vector>

#include "evidence/world.h"

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

// Sends one request to one of `addresses`, in order, until one connects.
evidence::Fetched exchange(const evidence::FetchQuestion& question, const HttpUrl& url,
                           const std::vector<std::string>& addresses,
                           const std::atomic<bool>* stop);

}  // namespace medic::probe
