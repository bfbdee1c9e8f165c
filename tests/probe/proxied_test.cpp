// Real sockets through every kind of proxy, over IPv6, and to names with more than one address.

#include <arpa/inet.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lab/lab.h"
#include "probe/network.h"
#include "tests/probe/outcome_text.h"
#include "tests/probe/proxy_servers.h"

namespace medic::probe {
namespace {

using evidence::Handshake;
using evidence::ProbeSpec;

std::unique_ptr<lab::Lab> lab_with(const std::vector<std::string>& faults) {
  auto started = lab::start_lab(faults, SystemClock().now());
  EXPECT_TRUE(started) << started.error().what;
  return *std::move(started);
}

struct Kind {
  std::string_view scheme;
  std::uint16_t ProxyServers::* port = nullptr;
  std::string_view told;  // by a probe of healthy:443, without credentials
};
constexpr Kind kKinds[] = {
    {"http", &ProxyServers::http_port, "CONNECT "},
    {"https", &ProxyServers::tls_port, "CONNECT "},
    {"socks5h", &ProxyServers::socks_port, "SOCKS "},
};

// A network whose "p0" is one of the servers, by name, so that an https:// one can be believed.
NetworkOptions through(const ProxyServers& servers, const Kind& kind, std::string_view userinfo) {
  const std::uint16_t port = servers.*kind.port;
  NetworkOptions options;
  options.proxies["p0"] =
      *target::parse_proxy(fmt::format("{}://{}{}:{}", kind.scheme, userinfo, kProxyHost, port));
  options.fetch_proxy = "p0";
  options.resolve.push_back(
      *target::parse_resolve(fmt::format("{}:{}:127.0.0.1", kProxyHost, port)));
  options.proxy_anchors = {servers.root().der};
  return options;
}

std::string userinfo() {
  return fmt::format("{}:{}@", kProxyUser, kProxyPassword);
}

ProbeSpec spec_of(const lab::Site& site) {
  return {.address = site.host, .port = site.port, .sni = site.host, .proxy = "p0"};
}

TEST(Proxied, EveryKindOpensATunnelAndGetsTheCredentials) {
  const auto lab = lab_with({"expired-leaf"});
  const lab::Site& site = *lab->site("expired-leaf");
  const ProbeSpec spec = spec_of(site);
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.scheme);
    const ProxyServers servers(site.address, site.port);
    Network network(through(servers, kind, userinfo()));
    const Handshake got = *network.handshakes(std::span(&spec, 1)).front();
    EXPECT_EQ(outcome_text(got), "completed");
    EXPECT_FALSE(got.chain.empty());
    EXPECT_TRUE(got.proxy_ready);
    ASSERT_EQ(servers.told().size(), 1U);
    EXPECT_TRUE(servers.told().front().starts_with(fmt::format("{}{}", kind.told, site.host)))
        << servers.told().front() << ": the proxy resolves the name";
    EXPECT_TRUE(
        servers.told().front().ends_with(fmt::format(" {}:{}", kProxyUser, kProxyPassword)));
  }
}

TEST(Proxied, AProxyThatNobodyVouchesForGetsNoPassword) {
  const auto lab = lab_with({"expired-leaf"});
  const lab::Site& site = *lab->site("expired-leaf");
  const ProxyServers servers(site.address, site.port);
  NetworkOptions options = through(servers, kKinds[1], userinfo());
  options.proxy_anchors.clear();
  Network network(std::move(options));
  const ProbeSpec spec = spec_of(site);
  const std::string said = outcome_text(*network.handshakes(std::span(&spec, 1)).front());
  EXPECT_NE(said.find("the credentials were not sent"), std::string::npos) << said;
  const evidence::Fetched fetched = network.fetch({.url = "http://aia.example/i.cer"});
  EXPECT_NE(fetched.error.find("the credentials were not sent"), std::string::npos)
      << fetched.error;
  EXPECT_EQ(servers.told(), std::vector<std::string>{});
}

TEST(Proxied, AWrongSocksPasswordIsSaidWithoutSayingIt) {
  const ProxyServers servers("127.0.0.1", 1);
  Network network(through(servers, kKinds[2], "proxy-user:not-the-password@"));
  const ProbeSpec spec{.address = "a.example", .port = 443, .proxy = "p0"};
  const std::string said = outcome_text(*network.handshakes(std::span(&spec, 1)).front());
  EXPECT_EQ(said, "proxy 0 SOCKS5: the proxy refuses the user name or password");
}

TEST(Proxied, ConnectToIsWhatTheProxyIsAskedFor) {
  const auto lab = lab_with({"expired-leaf"});
  const lab::Site& site = *lab->site("expired-leaf");
  const ProxyServers servers(site.address, site.port);
  NetworkOptions options = through(servers, kKinds[0], "");
  options.target = {.host = site.host, .port = site.port};
  options.connect_to.push_back(*target::parse_connect_to("::backend.example:8443"));
  Network network(std::move(options));
  const ProbeSpec spec = spec_of(site);
  EXPECT_EQ(outcome_text(*network.handshakes(std::span(&spec, 1)).front()), "completed");
  EXPECT_EQ(servers.told(), std::vector<std::string>{"CONNECT backend.example:8443"});
}

// The page comes from the HTTP proxies themselves, and for SOCKS from the server behind it.
TEST(Proxied, IssuersAndListsAreFetchedThroughTheProxy) {
  const ProxyServers behind("127.0.0.1", 1);
  const ProxyServers servers("127.0.0.1", behind.http_port);
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.scheme);
    Network network(through(servers, kind, userinfo()));
    const evidence::Fetched got = network.fetch({.url = "http://aia.example:81/i.cer?x=1"});
    EXPECT_EQ(got.error, "");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(as_text(got.body), kProxyPage);
  }
  const std::string who = fmt::format(" {}:{}", kProxyUser, kProxyPassword);
  EXPECT_EQ(servers.told(), (std::vector<std::string>{"GET http://aia.example:81/i.cer?x=1" + who,
                                                      "GET http://aia.example:81/i.cer?x=1" + who,
                                                      "SOCKS aia.example" + who}));
  EXPECT_EQ(behind.told(), std::vector<std::string>{"GET /i.cer?x=1"})
      << "no credentials behind the tunnel";
}

TEST(Proxied, NoProxyAndPrivateAddressesHoldForFetchesToo) {
  const ProxyServers servers("127.0.0.1", 1);
  NetworkOptions options = through(servers, kKinds[0], userinfo());
  options.fetch_no_proxy = "inside.example";
  options.resolve.push_back(
      *target::parse_resolve(fmt::format("pki.inside.example:{}:127.0.0.1", servers.http_port)));
  Network network(std::move(options));
  for (const char* const url : {"http://127.0.0.1/", "http://[::1]/", "http://localhost/",
                                "http://10.0.0.1/", "http://printer.local/"}) {
    SCOPED_TRACE(url);
    EXPECT_EQ(network.fetch({.url = url}).error, "no public address");
  }
  EXPECT_EQ(servers.told(), std::vector<std::string>{});
  const evidence::Fetched direct =
      network.fetch({.url = fmt::format("http://pki.inside.example:{}/i.cer", servers.http_port),
                     .allow_private = true});
  EXPECT_EQ(direct.status, 200) << direct.error;
  EXPECT_EQ(servers.told(), std::vector<std::string>{"GET /i.cer"})
      << "asked as a server, without credentials";
}

TEST(Proxied, TheSecondAddressIsTriedWhenTheFirstRefuses) {
  const auto lab = lab_with({"expired-leaf"});
  const lab::Site& site = *lab->site("expired-leaf");
  const ProxyServers servers(site.address, site.port);
  NetworkOptions options = through(servers, kKinds[0], "");
  // The whole of 127/8 is this machine; nothing listens on the first (the lab uses low numbers).
  options.resolve.push_back(*target::parse_resolve(
      fmt::format("{}:{}:127.200.200.1,127.0.0.1", kProxyHost, servers.http_port)));
  Network network(std::move(options));
  const ProbeSpec spec = spec_of(site);
  const Handshake got = *network.handshakes(std::span(&spec, 1)).front();
  EXPECT_EQ(outcome_text(got), "completed");
  EXPECT_EQ(got.peer, "127.0.0.1");
}

// One connection to ::1, passed on to an IPv4 address; the port is 0 when this machine has no ::1.
class V6Door {
 public:
  V6Door(std::string address, std::uint16_t port) : fd_(socket(AF_INET6, SOCK_STREAM, 0)) {
    sockaddr_in6 here{};
    here.sin6_family = AF_INET6;
    here.sin6_addr = in6addr_loopback;
    socklen_t length = sizeof here;
    sockaddr_storage generic{};
    std::memcpy(&generic, &here, sizeof here);
    auto* const name = static_cast<sockaddr*>(static_cast<void*>(&generic));
    if (fd_ < 0 || bind(fd_, name, length) != 0 || listen(fd_, 1) != 0 ||
        getsockname(fd_, name, &length) != 0) {
      return;
    }
    std::memcpy(&here, &generic, sizeof here);
    port_ = ntohs(here.sin6_port);
    static_cast<void>(host_.start());
    thread_ = std::thread([this, address = std::move(address), port] {
      const int accepted = accept(fd_, nullptr, nullptr);
      if (accepted < 0) {
        return;
      }
      std::array<int, 2> never{};
      if (pipe(never.data()) == 0) {
        lab::Connection client(accepted, never[0], 0);
        if (const auto inner = host_.dial(address, port)) {
          lab::relay(client, *inner);
        }
        close(never[0]);
        close(never[1]);
      }
    });
  }
  ~V6Door() {
    if (thread_.joinable()) {
      shutdown(fd_, SHUT_RDWR);  // ends accept()
      thread_.join();
    }
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  V6Door(const V6Door&) = delete;
  V6Door& operator=(const V6Door&) = delete;
  V6Door(V6Door&&) = delete;
  V6Door& operator=(V6Door&&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
  lab::ServerHost host_;
  std::thread thread_;
};

TEST(Proxied, IPv6LoopbackIsReachedLikeAnyAddress) {
  const auto lab = lab_with({"expired-leaf"});
  const lab::Site& site = *lab->site("expired-leaf");
  const V6Door door(site.address, site.port);
  if (door.port() == 0) {
    GTEST_SKIP() << "SKIPPED: this machine has no IPv6 loopback (::1)";
  }
  Network network({});
  const ProbeSpec spec{.address = "::1", .port = door.port(), .sni = site.host};
  const Handshake got = *network.handshakes(std::span(&spec, 1)).front();
  EXPECT_EQ(outcome_text(got), "completed");
  EXPECT_EQ(got.peer, "::1");
}

}  // namespace
}  // namespace medic::probe
