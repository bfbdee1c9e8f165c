#pragma once

// What follows an attempt: another try, another place, or the end. Pure decisions over values.

#include <chrono>
#include <optional>

#include "base/time.h"
#include "request/message.h"

namespace medic::request {

struct RetryRules {
  unsigned retries = 2;
  std::chrono::milliseconds first_pause{500};  // doubled each time
  std::chrono::milliseconds longest_pause{30000};
};

// How long to wait before the next try; none: there is none. Tried again is what may heal: a
// reset, a timeout, 429, and 503; never a certificate. A request that repeats badly (POST) is
// tried again only where the server has not read it, or says with 429, or with 503 and Retry-After,
// that it did nothing. `failed` counts the tries before this one; `random` is from 0 to 1.
std::optional<std::chrono::milliseconds> pause_before_retry(
    const RetryRules& rules, const std::string& method, const std::optional<Failure>& failure,
    const std::optional<Answer>& answer, unsigned failed, double random, Time now);

enum class Redirects { Follow, Stay };

struct RedirectRules {
  unsigned most = 5;
};

// Where a redirect leads and with what. A header or body of the caller's never goes to another
// origin, nor anything to plain http.
struct NextPlace {
  Url url;
  std::string method;
  bool with_body = false;
  bool same_origin = true;
};
// None: the answer is no redirect that can be followed. An Error of kind Data says why it is not.
Result<std::optional<NextPlace>> next_place(const RedirectRules& rules, const Url& from,
                                            const std::string& method, bool has_body,
                                            const Answer& answer, unsigned followed);

// Headers that say nothing about who asks, and so may follow to another origin.
bool may_cross_origins(std::string_view header);

}  // namespace medic::request
