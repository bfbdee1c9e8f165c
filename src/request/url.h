#pragma once

// What is asked for: a target, and what follows it in the request line. The query may carry keys,
// so it is kept apart and has no printable form: Target::url() is what people are shown.

#include <string>
#include <string_view>

#include "base/error.h"
#include "target/secret.h"
#include "target/target.h"

namespace medic::request {

struct Url {
  target::Target target;
  target::Secret query;  // with its question mark; empty: none

  [[nodiscard]] bool is_plain() const { return target.security == target::Security::Plain; }
  // The request target of RFC 9112 section 3.2.1: path and query.
  [[nodiscard]] std::string path_and_query() const { return target.path + query.reveal(); }
  // Host, and port where it is not the scheme's (RFC 9110 section 7.2).
  [[nodiscard]] std::string authority() const;
};

// https:// (or no scheme) and http:// only. A URL with a user name or password is an Error: where
// credentials go must be said, not implied.
Result<Url> parse_url(std::string_view text);
// A Location header against the URL that it came from (RFC 3986 section 5.2); the fragment is
// dropped.
Result<Url> resolved_location(const Url& base, std::string_view location);

bool same_origin(const Url& a, const Url& b);

}  // namespace medic::request
