#include "probe/network.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lab/lab.h"
#include "tests/probe/outcome_text.h"

namespace medic::probe {
namespace {

using evidence::Handshake;
using evidence::Offer;
using evidence::ProbeSpec;
using evidence::TlsVersion;

// Real sockets against the lab: the facts that a fault must leave in the evidence.

const Time kAt = *parse_time("2026-06-01T12:00:00Z");

ProbeSpec spec_for(const lab::Site& site, Offer offer) {
  ProbeSpec spec{.address = site.address, .port = site.port, .sni = site.host, .offer = offer};
  spec.starttls = site.starttls;
  spec.deadline_ms = site.slow ? 700 : 5000;
  spec.http = true;
  if (offer == Offer::Everything) {
    spec.min_version = TlsVersion::Tls10;
  }
  return spec;
}

Handshake asked(const lab::Site& site, ProbeSpec spec, std::string_view proxy = {}) {
  NetworkOptions options;
  if (!proxy.empty()) {
    options.proxies["p0"] = *target::parse_proxy(proxy);
    spec.proxy = "p0";
    spec.address = site.host;
  }
  Network network(std::move(options));
  return *network.handshakes(std::span(&spec, 1)).front();
}

std::unique_ptr<lab::Lab> lab_with(const std::vector<std::string>& faults) {
  auto started = lab::start_lab(faults, kAt);
  EXPECT_TRUE(started) << started.error().what;
  return *std::move(started);
}

struct FactCase {
  std::string fault;
  Offer offer = Offer::Mainstream;
  std::string outcome;  // begins so
  std::string version;  // empty: not compared
  std::string group;
};

TEST(Network, EveryKindOfFaultLeavesItsFacts) {
  const std::vector<FactCase> cases = {
      {"expired-leaf", Offer::Mainstream, "completed", "1.3", "x25519"},
      {"tls13-only", Offer::Mainstream, "completed", "1.3", ""},
      {"tls12-only", Offer::Mainstream, "completed", "1.2", ""},
      {"tls11-only", Offer::Everything, "completed", "1.1", ""},
      {"tls10-only", Offer::Everything, "completed", "1.0", ""},
      {"tls10-only", Offer::Mainstream, "alert protocol_version handshake", "", ""},
      {"dhe-1024", Offer::Everything, "completed", "1.2", "dh"},
      {"dhe-1024", Offer::Mainstream, "refused handshake (dh key too small)", "1.2", "dh"},
      {"weak-ciphers-only", Offer::Everything, "completed", "", ""},
      {"client-cert-required-tls12", Offer::Mainstream, "alert", "1.2", ""},
      {"client-cert-required-tls13", Offer::Mainstream, "alert certificate_required after", "1.3",
       ""},
      {"sni-unrecognized", Offer::Mainstream, "alert unrecognized_name handshake", "", ""},
      {"sni-unrecognized-warning", Offer::Mainstream, "completed", "", ""},
      {"key-mismatch", Offer::Mainstream, "refused handshake (bad signature)", "", ""},
      {"no-secure-renegotiation", Offer::Mainstream,
       "refused handshake (unsafe legacy renegotiation disabled)", "1.2", ""},
      {"p384-only", Offer::Mainstream, "completed", "", "P-384"},
      {"plain-http", Offer::Mainstream, "not-tls http", "", ""},
      {"smtp-greeting", Offer::Mainstream, "not-tls smtp", "", ""},
      {"imap-greeting", Offer::Mainstream, "not-tls imap", "", ""},
      {"garbage-bytes", Offer::Mainstream, "not-tls unknown", "", ""},
      {"close-after-hello", Offer::Mainstream, "closed handshake", "", ""},
      {"reset-after-hello", Offer::Mainstream, "reset handshake", "", ""},
      {"silence", Offer::Mainstream, "timeout handshake", "", ""},
      {"slow-drip", Offer::Mainstream, "timeout handshake", "", ""},
      {"reset-long-hello", Offer::Mainstream, "completed", "1.3", ""},
  };
  std::vector<std::string> faults;
  for (const FactCase& c : cases) {
    faults.push_back(c.fault);
  }
  std::ranges::sort(faults);
  faults.erase(std::unique(faults.begin(), faults.end()), faults.end());
  const auto lab = lab_with(faults);
  for (const FactCase& c : cases) {
    SCOPED_TRACE(fmt::format("{} offer {}", c.fault, static_cast<int>(c.offer)));
    const lab::Site* const site = lab->site(c.fault);
    ASSERT_NE(site, nullptr);
    const Handshake got = asked(*site, spec_for(*site, c.offer));
    EXPECT_TRUE(outcome_text(got).starts_with(c.outcome)) << outcome_text(got);
    EXPECT_EQ(got.peer, site->address);
    if (!c.version.empty()) {
      ASSERT_TRUE(got.version);
      EXPECT_EQ(evidence::version_text(*got.version), c.version);
      EXPECT_FALSE(got.cipher_name.empty());
      if (c.fault != "no-secure-renegotiation") {  // refused at the ServerHello
        EXPECT_FALSE(got.chain.empty());
      }
    }
    if (!c.group.empty()) {
      EXPECT_EQ(got.group, c.group);
    }
    EXPECT_GT(got.client_hello_bytes, 100U);
    EXPECT_GT(got.total.count(), 0);
  }
}

TEST(Network, DetailsOfOneHandshake) {
  const auto lab = lab_with({"dhe-1024", "reset-long-hello", "sni-unrecognized-warning",
                             "client-cert-ca-list", "ocsp-revoked-stapled"});
  const auto ask = [&](const char* id, Offer offer) {
    return asked(*lab->site(id), spec_for(*lab->site(id), offer));
  };
  EXPECT_EQ(ask("dhe-1024", Offer::Mainstream).group_bits, 1024U) << "kept although refused";

  ProbeSpec large = spec_for(*lab->site("reset-long-hello"), Offer::Mainstream);
  large.hello = evidence::HelloSize::PostQuantum;
  const Handshake reset = asked(*lab->site("reset-long-hello"), large);
  EXPECT_EQ(outcome_text(reset), "reset handshake");
  EXPECT_GT(reset.client_hello_bytes, 1400U);
  const Handshake carried = asked(*lab->site("reset-long-hello.good"), [&] {
    ProbeSpec spec = spec_for(*lab->site("reset-long-hello.good"), Offer::Mainstream);
    spec.hello = evidence::HelloSize::PostQuantum;
    return spec;
  }());
  EXPECT_EQ(outcome_text(carried), "completed") << "servers ignore the extension";

  const Handshake warned = ask("sni-unrecognized-warning", Offer::Mainstream);
  ASSERT_FALSE(warned.alerts.empty());
  EXPECT_EQ(warned.alerts.front().level, 1);
  EXPECT_EQ(warned.alerts.front().code, 112);
  EXPECT_FALSE(warned.alerts.front().sent);

  const Handshake wants = ask("client-cert-ca-list", Offer::Mainstream);
  EXPECT_TRUE(wants.client_certificate_requested);
  EXPECT_FALSE(wants.client_ca_names.empty());

  const Handshake stapled = ask("ocsp-revoked-stapled", Offer::Mainstream);
  EXPECT_FALSE(stapled.ocsp_staple.empty());
  ASSERT_TRUE(stapled.http) << outcome_text(stapled);
  EXPECT_EQ(stapled.http->status, 200);
}

TEST(Network, ProxiesAnswerOrOpenTheTunnel) {
  const auto lab = lab_with({"expired-leaf", "proxy-407", "proxy-403", "captive-portal"});
  struct Row {
    const char* site;
    const char* outcome;
  };
  for (const Row& row : {Row{"proxy-407", "proxy 407"}, Row{"proxy-407.good", "completed"},
                         Row{"proxy-403", "proxy 403"}, Row{"captive-portal", "proxy "}}) {
    SCOPED_TRACE(row.site);
    const lab::Site* const site = lab->site(row.site);
    ASSERT_NE(site, nullptr);
    const Handshake got = asked(*site, spec_for(*site, Offer::Mainstream), site->proxy_url);
    EXPECT_TRUE(outcome_text(got).starts_with(row.outcome)) << outcome_text(got);
  }
  const lab::Site* const site = lab->site("expired-leaf");
  const Handshake through = asked(*site, spec_for(*site, Offer::Mainstream), lab->proxy_url());
  EXPECT_EQ(outcome_text(through), "completed");
  EXPECT_TRUE(through.proxy_ready);
  std::string secret = lab->proxy_url();
  secret.replace(0, 7, "https://user:hunter2@");
  const Handshake plain = asked(*site, spec_for(*site, Offer::Mainstream), secret);
  EXPECT_TRUE(outcome_text(plain).starts_with("proxy 0 the proxy does not speak TLS"))
      << outcome_text(plain);
  EXPECT_EQ(outcome_text(plain).find("hunter2"), std::string::npos);
}

TEST(Network, StartTlsReachesTheHandshake) {
  const auto lab = lab_with({"smtp-greeting", "imap-greeting", "postgres-starttls"});
  for (const char* id : {"smtp-greeting.good", "imap-greeting.good", "postgres-starttls.good"}) {
    SCOPED_TRACE(id);
    const lab::Site* const site = lab->site(id);
    ASSERT_NE(site, nullptr);
    ProbeSpec spec = spec_for(*site, Offer::Mainstream);
    spec.http = false;
    const Handshake got = asked(*site, spec);
    EXPECT_EQ(outcome_text(got), "completed");
    EXPECT_TRUE(got.starttls_ready);
  }
}

TEST(Network, ManyQuestionsAnswerInOrderUnderTheCap) {
  const auto lab = lab_with({"expired-leaf", "plain-http"});
  std::vector<ProbeSpec> specs;
  for (std::uint32_t i = 0; i < 20; ++i) {
    specs.push_back(spec_for(*lab->site(i % 2 == 0 ? "expired-leaf" : "plain-http"),
                             i % 3 == 0 ? Offer::Everything : Offer::Mainstream));
    specs.back().repeat = i;
  }
  NetworkOptions options;
  options.at_once = 3;
  Network network(std::move(options));
  const auto answers = network.handshakes(specs);
  ASSERT_EQ(answers.size(), specs.size());
  for (std::size_t i = 0; i < specs.size(); ++i) {
    ASSERT_TRUE(answers[i]);
    EXPECT_EQ(answers[i]->spec, specs[i]);
    EXPECT_EQ(outcome_text(*answers[i]), i % 2 == 0 ? "completed" : "not-tls http");
  }
}

TEST(Network, StopReturnsPromptlyAndLeavesTheUnfinishedOut) {
  const auto lab = lab_with({"silence"});
  std::atomic<bool> stop = false;
  NetworkOptions options;
  options.stop = &stop;
  Network network(std::move(options));
  ProbeSpec spec = spec_for(*lab->site("silence"), Offer::Mainstream);
  spec.deadline_ms = 30000;
  std::thread interrupter([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop = true;
  });
  const auto began = std::chrono::steady_clock::now();
  const auto answers = network.handshakes(std::span(&spec, 1));
  interrupter.join();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  EXPECT_FALSE(answers.front());
}

TEST(Network, NobodyListeningIsRefused) {
  boost::asio::io_context loop;
  boost::asio::ip::tcp::acceptor closed(loop, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const std::uint16_t port = closed.local_endpoint().port();
  closed.close();
  Network network({});
  const ProbeSpec spec{.address = "127.0.0.1", .port = port};
  const auto answers = network.handshakes(std::span(&spec, 1));
  EXPECT_EQ(outcome_text(*answers.front()), "not-connected refused");
}

TEST(Network, NamesResolveByOverrideAndByTheSystem) {
  NetworkOptions options;
  options.target = {.host = "a.example", .port = 443};
  options.resolve.push_back(*target::parse_resolve("a.example:443:192.0.2.1,2001:db8::1"));
  options.resolve.push_back(*target::parse_resolve("localhost:444:192.0.2.1"));
  Network network(std::move(options));
  using evidence::AddressFamily;
  using Addresses = std::vector<std::string>;
  EXPECT_EQ(network.resolve("a.example", AddressFamily::Any).addresses.size(), 2U);
  EXPECT_EQ(network.resolve("a.example", AddressFamily::Ipv6).addresses, Addresses{"2001:db8::1"});
  const auto local = network.resolve("localhost", AddressFamily::Ipv4);
  EXPECT_EQ(local.addresses, Addresses{"127.0.0.1"}) << "an override for another port is none";
  EXPECT_FALSE(network.resolve("no.such.host.invalid", AddressFamily::Any).error.empty());
}

TEST(Network, ConnectToMovesTheTargetAndNothingElse) {
  NetworkOptions options;
  options.target = {.host = "a.example", .port = 443};
  options.resolve.push_back(*target::parse_resolve("b.example:8443:192.0.2.2"));
  options.connect_to.push_back(*target::parse_connect_to("a.example:443:b.example:8443"));
  Network network(std::move(options));
  EXPECT_EQ(network.resolve("a.example", evidence::AddressFamily::Any).addresses,
            std::vector<std::string>{"192.0.2.2"})
      << "the name moved to is looked up, with its port";
}

TEST(Network, FetchRefusesPrivateAddressesUnlessAllowed) {
  const auto lab = lab_with({"plain-http"});
  const lab::Site* const site = lab->site("plain-http");
  Network network({});
  evidence::FetchQuestion question;
  question.url = fmt::format("http://{}:{}/", site->address, site->port);
  EXPECT_EQ(network.fetch(question).error, "no public address");
  question.allow_private = true;
  const evidence::Fetched allowed = network.fetch(question);
  EXPECT_NE(allowed.status, 0) << allowed.error;
  question.url = "https://127.0.0.1/";
  EXPECT_FALSE(network.fetch(question).error.empty()) << "plain HTTP only";
}

}  // namespace
}  // namespace medic::probe
