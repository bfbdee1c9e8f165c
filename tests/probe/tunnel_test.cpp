#include "probe/tunnel.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace medic::probe {
namespace {

using namespace std::literals;

constexpr std::string_view kOpen = "open";

struct TunnelCase {
  std::string_view proxy;
  std::string answer;  // all the proxy says
  int status;          // of a refusal
  std::string_view reason;
  std::string_view excerpt;  // of a refusal; of an open tunnel: what is inside
  std::string_view why;
};

const TunnelCase kCases[] = {
    {"http://p:1", "HTTP/1.1 200 OK\r\n\r\n", 0, kOpen, "", "the plain case"},
    {"http://p:1", "HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n220 hi", 0, kOpen,
     "220 hi", "a server that speaks first"},
    {"http://p:1", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 0, kOpen, "", "interim"},
    {"http://p:1",
     "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic "
     "realm=\"x\"\r\n\r\nsign in",
     407, "HTTP/1.1 407 Proxy Authentication Required (Proxy-Authenticate: Basic realm=\"x\")",
     "sign in", "credentials wanted"},
    {"http://p:1", "HTTP/1.1 403 Forbidden\r\n\r\n", 403, "HTTP/1.1 403 Forbidden", "",
     "forbidden"},
    {"http://p:1", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>login", 200,
     "HTTP/1.1 200 OK", "<html>login", "a captive portal's page is no tunnel"},
    {"http://p:1", "\x15\x03\x03\x00\x02\x02\x46"s, 0, "the proxy answers in TLS",
     "\x15\x03\x03\x00\x02\x02\x46"sv, "an https:// proxy addressed as http://"},
    {"http://p:1", "SSH-2.0-x\r\n", 0, "not an HTTP answer (ssh)", "SSH-2.0-x\r\n", "no proxy"},
    {"http://p:1", "", 0, "closed without an answer", "", "silence, then close"},
    {"socks5h://p", "\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"s, 0, kOpen, "", "SOCKS5"},
    {"socks5h://p", "\x05\x00\x05\x00\x00\x03\x01x\x00\x00hi"s, 0, kOpen, "hi",
     "named bound address"},
    {"socks5h://p", "\x05\x00\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"s, 5,
     "SOCKS5: connection refused (5)", "", "refused behind the proxy"},
    {"socks5h://p", "\x05\xff"s, 0,
     "SOCKS5: the proxy accepts none of the ways to sign in that we have", "", "no method"},
    {"socks5h://u:hunter2@p", "\x05\x02\x01\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"s, 0, kOpen,
     "", "RFC 1929"},
    {"socks5h://u:hunter2@p", "\x05\x02\x01\x01"s, 0,
     "SOCKS5: the proxy refuses the user name or password", "", "wrong password"},
    {"socks5h://p", "HTTP/1.1 400 Bad\r\n\r\n", 0, "not a SOCKS5 answer (http)", "",
     "an HTTP proxy"},
    {"socks5h://p", "", 0, "closed without an answer", "", "nothing"},
};

TEST(Tunnel, AnswersAreReadWholeAndByteByByte) {
  for (const TunnelCase& c : kCases) {
    for (const std::size_t step : {std::size_t{65536}, std::size_t{1}}) {
      SCOPED_TRACE(fmt::format("{} ({} bytes at a time)", c.why, step));
      const auto proxy = target::parse_proxy(c.proxy);
      ASSERT_TRUE(proxy);
      const auto tunnel = make_tunnel(*proxy, "host.example", 443, Credentials::Send);
      std::string inside;
      for (std::size_t at = 0; at < c.answer.size(); at += step) {
        const std::string_view part = std::string_view(c.answer).substr(at, step);
        if (tunnel->state() == Tunnel::State::Open) {
          inside += part;  // the session hands these to the next stage
        } else {
          tunnel->feed(as_bytes(part));
          inside += tunnel->take_inside();
        }
      }
      tunnel->end();
      if (c.reason == kOpen) {
        EXPECT_EQ(tunnel->state(), Tunnel::State::Open);
        EXPECT_EQ(inside, c.excerpt);
        continue;
      }
      ASSERT_EQ(tunnel->state(), Tunnel::State::Refused);
      const evidence::ProxyRefused& refusal = tunnel->refusal();
      EXPECT_EQ(refusal.status, c.status);
      if (step != 1 || !c.reason.starts_with("not a SOCKS5")) {  // fewer bytes, fewer words
        EXPECT_EQ(refusal.reason, c.reason);
      }
      if (c.proxy.starts_with("http")) {
        EXPECT_EQ(refusal.body_excerpt, c.excerpt);
      }
      EXPECT_EQ((refusal.reason + refusal.body_excerpt).find("hunter2"), std::string::npos);
    }
  }
}

struct RequestCase {
  std::string_view proxy;
  std::string_view host;
  Credentials credentials;
  std::string sent;  // part of what is sent
};

TEST(Tunnel, RequestsNameTheTargetAndCarryCredentialsOnlyWhereAllowed) {
  const RequestCase cases[] = {
      {"http://p:1", "host.example", Credentials::Send, "CONNECT host.example:443 HTTP/1.1\r\n"},
      {"http://p:1", "2001:db8::1", Credentials::Send, "CONNECT [2001:db8::1]:443 HTTP/1.1\r\n"},
      {"http://user:pass@p:1", "h", Credentials::Send,
       "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"},
  };
  for (const RequestCase& c : cases) {
    const auto proxy = target::parse_proxy(c.proxy);
    const auto tunnel = make_tunnel(*proxy, std::string(c.host), 443, c.credentials);
    const std::string sent = tunnel->take_output();
    EXPECT_NE(sent.find(c.sent), std::string::npos) << sent;
  }
  const auto proxy = target::parse_proxy("http://user:pass@p:1");
  const std::string withheld = make_tunnel(*proxy, "h", 443, Credentials::Withhold)->take_output();
  EXPECT_EQ(withheld.find("Authorization"), std::string::npos);
}

TEST(Tunnel, AnEndlessHeadIsRefusedWithinABound) {
  const auto proxy = target::parse_proxy("http://p:1");
  const auto tunnel = make_tunnel(*proxy, "h", 443, Credentials::Send);
  tunnel->feed(as_bytes("HTTP/1.1 200 OK\r\n"));
  for (int i = 0; i < 100 && tunnel->state() == Tunnel::State::Asking; ++i) {
    tunnel->feed(as_bytes(std::string(1024, 'x')));
  }
  EXPECT_EQ(tunnel->state(), Tunnel::State::Refused);
  EXPECT_LE(tunnel->refusal().body_excerpt.size(), 256U);
}

}  // namespace
}  // namespace medic::probe
