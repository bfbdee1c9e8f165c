// The client against a server of our own: connections kept, redirects, retries, HTTP/2, proxies,
// and what must never be sent.

#include "request/client.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/probe/proxy_servers.h"
#include "tests/request/https_server.h"
#include "x509/container.h"

namespace medic::request {
namespace {

using std::chrono::milliseconds;

const SystemClock kClock;

ClientOptions options_for(const std::vector<const HttpsServer*>& servers) {
  ClientOptions options;
  std::vector<trust::Anchor> anchors;
  for (const HttpsServer* server : servers) {
    for (const x509::CertificatePtr& one :
         x509::read_certificates(as_bytes(server->ca_pem())).certificates) {
      anchors.push_back({.certificate = one, .source = "test"});
    }
    options.addresses.resolve.push_back(
        {.host = std::string(kServerHost), .port = server->port, .addresses = {"127.0.0.1"}});
  }
  options.trust = {.anchors = trust::make_anchor_set("test", "test", std::move(anchors)),
                   .profile = profiles::find_profile("openssl"),
                   .rule = "test"};
  options.clock = &kClock;
  options.retry.first_pause = milliseconds(10);
  return options;
}

Request get(const std::string& url, std::string method = "GET") {
  return {.method = std::move(method), .url = *parse_url(url)};
}

std::vector<Outcome> send(ClientOptions options, const std::vector<Request>& requests) {
  return (*Client::make(std::move(options)))->send(requests);
}

std::string body_text(const Outcome& outcome) {
  return outcome.answer ? std::string(as_text(outcome.answer->body))
                        : outcome.failure->detail + " (no answer)";
}

class BothVersions : public ::testing::TestWithParam<Speaks> {};

TEST_P(BothVersions, ManyRequestsShareConnectionsAndComeBackInOrder) {
  const HttpsServer server(GetParam(), [](const Asked& asked) {
    return Reply{.body = asked.method + " " + asked.path + " " + asked.body};
  });
  std::vector<Request> requests;
  for (int i = 0; i < 40; ++i) {
    requests.push_back(get(server.url(fmt::format("/item/{}?n={}", i, i)), "POST"));
    requests.back().body = Bytes(static_cast<std::size_t>(i) * 1000, 'x');
  }
  ClientOptions options = options_for({&server});
  options.connections = 3;
  const std::vector<Outcome> outcomes = send(std::move(options), requests);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    ASSERT_TRUE(outcomes[i].answer) << outcomes[i].failure->detail;
    EXPECT_EQ(body_text(outcomes[i]),
              fmt::format("POST /item/{}?n={} {}", i, i, std::string(i * 1000, 'x')));
    EXPECT_EQ(outcomes[i].answer->version, GetParam() == Speaks::Http2 ? "2" : "1.1");
  }
  std::size_t connections = 0;
  for (const Asked& asked : server.asked()) {
    connections = std::max(connections, asked.connection + 1);
  }
  EXPECT_EQ(connections, GetParam() == Speaks::Http2 ? 1U : 3U);
}

TEST_P(BothVersions, ALargeBodyArrivesWholeAndATooLargeOneIsRefused) {
  const std::string large(3'000'000, 'L');
  const HttpsServer server(GetParam(), [&](const Asked&) { return Reply{.body = large}; });
  ClientOptions options = options_for({&server});
  EXPECT_EQ(body_text(send(options_for({&server}), {get(server.url("/"))}).front()), large);
  options.answers.body_bytes = 1'000'000;
  const Outcome outcome = send(std::move(options), {get(server.url("/"))}).front();
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(failure_id(outcome.failure->kind), "bad-answer") << outcome.failure->detail;
}

TEST_P(BothVersions, RedirectsAreFollowedButCredentialsStayWithTheirServer) {
  const HttpsServer other(GetParam(), [](const Asked&) { return Reply{.body = "other"}; });
  const HttpsServer server(GetParam(), [&](const Asked& asked) {
    if (asked.path == "/away") {
      return Reply{.status = 302, .headers = {{"location", other.url("/there?q=1")}}};
    }
    if (asked.path == "/near") {
      return Reply{.status = 307, .headers = {{"location", "/here"}}};
    }
    return Reply{.body = asked.method + asked.header("authorization")};
  });
  Request request = get(server.url("/near"), "POST");
  request.body = Bytes(3, 'b');
  request.headers.push_back(
      *checked_header("Authorization", target::Secret(std::string("Bearer t0ken-1"))));
  request.headers.push_back(*checked_header("X-Key", target::Secret(std::string("k3y-1"))));
  EXPECT_EQ(body_text(send(options_for({&server, &other}), {request}).front()),
            "POSTBearer t0ken-1");
  request.url = *parse_url(server.url("/away"));
  const Outcome away = send(options_for({&server, &other}), {request}).front();
  EXPECT_EQ(body_text(away), "other");
  ASSERT_EQ(other.asked().size(), 1U);
  EXPECT_EQ(other.asked()[0].method, "GET") << "302 turns a POST into a GET";
  EXPECT_EQ(other.asked()[0].path, "/there?q=1");
  EXPECT_EQ(other.asked()[0].header("authorization"), "");
  EXPECT_EQ(other.asked()[0].header("x-key"), "");
  EXPECT_EQ(away.attempts.back().url.find('?'), std::string::npos) << "queries are not shown";
}

TEST_P(BothVersions, WhatMayHealIsTriedAgainAndNothingElse) {
  struct Row {
    std::vector<Reply> replies;
    std::string_view method;
    int status = 0;  // 0: a failure
    std::size_t asked = 0;
    std::string_view why;
  };
  const Reply ok{.body = "ok"};
  const Reply busy{.status = 503};
  const Reply later{.status = 429, .headers = {{"retry-after", "0"}}};
  const Reply much_later{.status = 429, .headers = {{"retry-after", "3600"}}};
  const Reply broken{.status = 500};
  const Reply reset{.status = 0, .after = Reply::After::Reset};
  const std::vector<Row> rows = {
      {{busy, ok}, "GET", 200, 2, "503 heals"},
      {{later, later, ok}, "POST", 200, 3, "429 says that nothing was done"},
      {{busy, ok}, "POST", 503, 1, "a POST may have been carried out"},
      {{much_later, ok}, "GET", 429, 1, "an hour is not waited for"},
      {{busy, busy, busy, ok}, "GET", 503, 3, "twice, then the answer is the answer"},
      {{broken, ok}, "GET", 500, 1, "500 does not heal"},
      {{reset, ok}, "GET", 200, 2, "a reset heals"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    std::size_t at = 0;
    const HttpsServer server(GetParam(), [&](const Asked&) { return row.replies.at(at++); });
    const Outcome outcome =
        send(options_for({&server}), {get(server.url("/"), std::string(row.method))}).front();
    EXPECT_EQ(outcome.answer ? outcome.answer->status : 0, row.status)
        << (outcome.failure ? outcome.failure->detail : "");
    EXPECT_EQ(server.asked().size(), row.asked);
    EXPECT_EQ(outcome.attempts.size(), row.asked);
  }
}

TEST_P(BothVersions, EveryKindOfProxyIsGoneThrough) {
  const HttpsServer server(
      GetParam(), [](const Asked& asked) { return Reply{.body = asked.header("authorization")}; });
  const probe::ProxyServers proxies("127.0.0.1", server.port);
  struct Row {
    std::string_view scheme;
    std::uint16_t port;
  };
  for (const Row& row : {Row{"http", proxies.http_port}, Row{"https", proxies.tls_port},
                         Row{"socks5h", proxies.socks_port}}) {
    SCOPED_TRACE(row.scheme);
    ClientOptions options = options_for({&server});
    std::vector<trust::Anchor> anchors = options.trust.anchors->all();
    anchors.push_back({.certificate = *x509::parse_certificate(proxies.root().der)});
    options.trust.anchors = trust::make_anchor_set("test", "test", std::move(anchors));
    options.addresses.resolve.push_back(
        {.host = std::string(probe::kProxyHost), .port = row.port, .addresses = {"127.0.0.1"}});
    options.proxy = [&](const target::Target&) {
      return Result<target::ProxyChoice>({.proxy = *target::parse_proxy(fmt::format(
                                              "{}://{}:{}@{}:{}", row.scheme, probe::kProxyUser,
                                              probe::kProxyPassword, probe::kProxyHost, row.port)),
                                          .variable = "test",
                                          .bypass = {}});
    };
    Request request = get(server.url("/"));
    request.headers.push_back(
        *checked_header("Authorization", target::Secret(std::string("Bearer inside"))));
    EXPECT_EQ(body_text(send(std::move(options), {request}).front()), "Bearer inside");
    for (const std::string& told : proxies.told()) {
      EXPECT_EQ(told.find("inside"), std::string::npos) << "the proxy never sees the token";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Request, BothVersions, ::testing::Values(Speaks::Http1, Speaks::Http2),
                         [](const auto& one) {
                           return one.param == Speaks::Http1 ? "Http1" : "Http2";
                         });

TEST(RequestClient, ACertificateFailureIsNeverTriedAgainAndNothingIsSent) {
  const HttpsServer server(Speaks::Http1, [](const Asked&) { return Reply{}; });
  ClientOptions options = options_for({&server});
  options.trust.anchors = trust::mozilla_anchors();
  options.retry.retries = 5;
  const Outcome outcome = send(std::move(options), {get(server.url("/"))}).front();
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(failure_id(outcome.failure->kind), "certificate");
  EXPECT_EQ(outcome.attempts.size(), 1U);
  EXPECT_TRUE(server.asked().empty());
}

TEST(RequestClient, ARedirectToPlainHttpOrWithoutEndIsNotFollowed) {
  const HttpsServer server(Speaks::Http1, [&](const Asked& asked) {
    return Reply{.status = 301,
                 .headers = {{"location",
                              asked.path == "/plain" ? "http://api.lab.test/" : asked.path + "x"}}};
  });
  for (const std::string_view path : {"/plain", "/loop"}) {
    const Outcome outcome = send(options_for({&server}), {get(server.url(path))}).front();
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(failure_id(outcome.failure->kind), "redirect") << outcome.failure->detail;
    EXPECT_EQ(outcome.attempts.size(), path == "/plain" ? 1U : 6U);
  }
}

TEST(RequestClient, ABodyThatWasCutOffIsNoAnswer) {
  const HttpsServer server(Speaks::Http1, [](const Asked& asked) {
    return asked.path == "/length"
               ? Reply{.headers = {{"content-length", "100"}},
                       .body = "only this",
                       .after = Reply::After::Close}
               : Reply{.body = "until the end",
                       .after = asked.path == "/reset" ? Reply::After::Reset : Reply::After::Close};
  });
  ClientOptions options = options_for({&server});
  options.retry.retries = 0;
  const std::vector<Outcome> outcomes =
      send(std::move(options),
           {get(server.url("/length")), get(server.url("/closed")), get(server.url("/reset"))});
  EXPECT_TRUE(outcomes[0].failure);
  EXPECT_EQ(body_text(outcomes[1]), "until the end") << "TLS said that this is all";
  EXPECT_TRUE(outcomes[2].failure);
}

TEST(RequestClient, AnAnswerThatDoesNotComeEndsInTime) {
  const HttpsServer server(Speaks::Http1, [](const Asked&) { return Reply{.status = 0}; });
  ClientOptions options = options_for({&server});
  options.retry.retries = 0;
  options.limits.answer = milliseconds(200);
  const Outcome slow = send(std::move(options), {get(server.url("/"))}).front();
  ASSERT_TRUE(slow.failure);
  EXPECT_EQ(failure_id(slow.failure->kind), "timeout");
  ClientOptions total = options_for({&server});
  total.limits.total = milliseconds(200);
  const Outcome whole = send(std::move(total), {get(server.url("/"))}).front();
  ASSERT_TRUE(whole.failure);
  EXPECT_EQ(whole.failure->detail, "the whole request");
}

TEST(RequestClient, SessionKeysGoOnlyWhereTheyAreWanted) {
  const HttpsServer server(Speaks::Http1, [](const Asked&) { return Reply{}; });
  std::string log;
  ClientOptions options = options_for({&server});
  options.key_log = [&](std::string_view line) { log += std::string(line) + "\n"; };
  send(std::move(options), {get(server.url("/"))});
  EXPECT_NE(log.find("CLIENT_TRAFFIC_SECRET_0 "), std::string::npos);
  log.clear();
  send(options_for({&server}), {get(server.url("/"))});
  EXPECT_EQ(log, "");
}

}  // namespace
}  // namespace medic::request
