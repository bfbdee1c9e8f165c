#include "request/steps.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace medic::request {
namespace {

using std::chrono::milliseconds;

// RFC 9110 section 10.2.3: seconds or a date.
std::optional<milliseconds> retry_after(const Answer& answer, Time now) {
  const std::string_view text = answer.header("retry-after");
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size()) {
    return std::chrono::seconds(seconds);
  }
  const auto date = parse_http_date(text);
  if (!date) {
    return std::nullopt;
  }
  return std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(*date - now));
}

bool failure_heals(const Failure& failure, const std::string& method) {
  return failure.kind != FailureKind::Certificate && failure.may_heal &&
         (failure.unread || is_idempotent(method));
}

bool is_redirect(int status) {
  constexpr std::array<int, 5> kRedirects{301, 302, 303, 307, 308};
  return std::ranges::find(kRedirects, status) != kRedirects.end();
}

// RFC 9110 section 15.4: 303 always, 301 and 302 by custom, turn everything into GET.
bool becomes_get(int status, const std::string& method) {
  if (method == "GET" || method == "HEAD") {
    return false;
  }
  return status == 303 || ((status == 301 || status == 302) && method == "POST");
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): each argument is one thing that decides
std::optional<milliseconds> pause_before_retry(const RetryRules& rules, const std::string& method,
                                               const std::optional<Failure>& failure,
                                               const std::optional<Answer>& answer, unsigned failed,
                                               double random, Time now) {
  if (failed >= rules.retries) {
    return std::nullopt;
  }
  std::optional<milliseconds> asked;
  if (failure) {
    if (!failure_heals(*failure, method)) {
      return std::nullopt;
    }
  } else if (answer && (answer->status == 429 || answer->status == 503)) {
    asked = retry_after(*answer, now);
    if (answer->status == 503 && !asked && !is_idempotent(method)) {
      return std::nullopt;
    }
  } else {
    return std::nullopt;
  }
  if (asked) {
    return *asked > rules.longest_pause ? std::nullopt : asked;
  }
  // Between half of the pause and all of it, so that many clients do not come back together.
  const milliseconds full =
      std::min(rules.longest_pause, rules.first_pause * (1U << std::min(failed, 16U)));
  return milliseconds(
      static_cast<std::int64_t>(static_cast<double>(full.count()) * (0.5 + random / 2)));
}

Result<std::optional<NextPlace>> next_place(const RedirectRules& rules, const Url& from,
                                            const std::string& method, bool has_body,
                                            const Answer& answer, unsigned followed) {
  const std::string_view location = answer.header("location");
  if (!is_redirect(answer.status) || location.empty() || rules.most == 0) {
    return std::nullopt;
  }
  if (followed >= rules.most) {
    return fail(ErrorKind::Data, fmt::format("more than {} redirects", rules.most));
  }
  MEDIC_TRY(Url url, resolved_location(from, location));
  if (url.is_plain()) {
    return fail(ErrorKind::Data,
                fmt::format("a redirect to plain http: {}", escaped(url.target.url())));
  }
  NextPlace place{.url = std::move(url), .method = method, .with_body = has_body};
  place.same_origin = same_origin(place.url, from);
  if (becomes_get(answer.status, method)) {
    place.method = "GET";
    place.with_body = false;
  }
  if (place.with_body && !place.same_origin) {
    return fail(ErrorKind::Data, fmt::format("a redirect that takes the body to another server: {}",
                                             escaped(place.url.target.url())));
  }
  return place;
}

bool may_cross_origins(std::string_view header) {
  constexpr std::array<std::string_view, 4> kHarmless{"accept", "accept-language", "user-agent",
                                                      "cache-control"};
  std::string name(header);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return std::ranges::find(kHarmless, name) != kHarmless.end();
}

}  // namespace medic::request
