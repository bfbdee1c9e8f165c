// URLs, headers, and what follows an attempt.

#include "request/steps.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace medic::request {
namespace {

TEST(RequestUrl, WhatIsAskedAndWhatIsShown) {
  struct Row {
    std::string_view text;
    std::string_view authority;
    std::string_view path;
    std::string_view shown;
  };
  constexpr Row kRows[] = {
      {"https://a.example", "a.example", "/", "https://a.example/"},
      {"https://A.example:443/x?key=secret#part", "a.example", "/x?key=secret",
       "https://a.example/x"},
      {"https://a.example:8443?x", "a.example:8443", "/?x", "https://a.example:8443/"},
      {"https://[::1]:444/", "[::1]:444", "/", "https://[::1]:444/"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.text);
    const auto url = parse_url(row.text);
    ASSERT_TRUE(url) << url.error().what;
    EXPECT_EQ(url->authority(), row.authority);
    EXPECT_EQ(url->path_and_query(), row.path);
    EXPECT_EQ(url->target.url(), row.shown);
  }
}

TEST(RequestUrl, WhatCannotBeAsked) {
  for (const std::string_view text :
       {"https://user:pass@a.example/", "ftp://a.example/", "https://a.example/a b",
        "https://a.example/\r\nX: y", "https://a.example/?q=\x01", ""}) {
    const auto url = parse_url(text);
    EXPECT_FALSE(url) << text;
    if (!url) {
      EXPECT_EQ(url.error().what.find("pass@"), std::string::npos);
    }
  }
}

TEST(RequestUrl, LocationsAreResolvedAsRfc3986Says) {
  struct Row {
    std::string_view location;
    std::string_view url;
  };
  constexpr Row kRows[] = {
      {"/x", "https://a.example:8443/x"},         {"x", "https://a.example:8443/b/x"},
      {"../x?y=1", "https://a.example:8443/x"},   {"./", "https://a.example:8443/b/"},
      {"../../../x", "https://a.example:8443/x"}, {"?q", "https://a.example:8443/b/c"},
      {"//b.example/z", "https://b.example/z"},   {"http://a.example/", "http://a.example/"},
      {"/a//b", "https://a.example:8443/a//b"},
  };
  const Url base = *parse_url("https://a.example:8443/b/c?old");
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.location);
    const auto url = resolved_location(base, row.location);
    ASSERT_TRUE(url) << url.error().what;
    EXPECT_EQ(url->target.url(), row.url);
  }
  EXPECT_FALSE(resolved_location(base, ""));
  EXPECT_FALSE(resolved_location(base, "ht tp://x"));
}

TEST(RequestHeaders, FramingIsNotTheCallersAndLineEndsAreRefused) {
  EXPECT_TRUE(checked_header("X-Key", target::Secret(std::string("a\tb"))));
  for (const std::string_view name :
       {"Host", "content-length", "Transfer-Encoding", "Connection", "a b", "", "x:"}) {
    EXPECT_FALSE(checked_header(std::string(name), target::Secret(std::string("v")))) << name;
  }
  const auto bad = checked_header("X", target::Secret(std::string("s3cret\r\nY: z")));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().what.find("s3cret"), std::string::npos);
}

TEST(RequestRetry, PausesGrowAndAreBoundedAndVary) {
  const RetryRules rules{.retries = 10};
  const Failure reset{.kind = FailureKind::Closed, .may_heal = true};
  const auto pause = [&](unsigned failed, double random) {
    return pause_before_retry(rules, "GET", reset, std::nullopt, failed, random, Time{})->count();
  };
  EXPECT_EQ(pause(0, 1), 500);
  EXPECT_EQ(pause(0, 0), 250);
  EXPECT_EQ(pause(1, 1), 1000);
  EXPECT_EQ(pause(9, 1), 30000);
  EXPECT_FALSE(pause_before_retry(rules, "GET", reset, std::nullopt, 10, 1, Time{}));
}

TEST(RequestRetry, ADateOfRetryAfterIsReadAgainstTheClock) {
  const Answer answer{.status = 503, .headers = {{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}}};
  const Time now = *parse_http_date("Sun, 06 Nov 1994 08:49:30 GMT");
  EXPECT_EQ(pause_before_retry({}, "POST", std::nullopt, answer, 0, 1, now)->count(), 7000);
}

TEST(RequestRetry, ACertificateIsNeverTriedAgainWhateverElseIsSaid) {
  const Failure refused{.kind = FailureKind::Certificate, .may_heal = true, .unread = true};
  EXPECT_FALSE(pause_before_retry({}, "GET", refused, std::nullopt, 0, 1, Time{}));
}

}  // namespace
}  // namespace medic::request
