#include <fmt/core.h>
#include <gtest/gtest.h>

#include <set>

#include "lab/fault_context.h"
#include "probe/network.h"
#include "target/ip_address.h"
#include "tests/probe/outcome_text.h"
#include "tests/tlswire/peers.h"

namespace medic::tlswire {
namespace {

const Time kAt = *parse_time("2026-06-01T12:00:00Z");

std::string ours_text(const Talked& talked) {
  switch (talked.state) {
    case State::Authenticated:
      return "completed";
    case State::Alerted:
      return fmt::format("alert {} handshake",
                         evidence::alert_name(talked.shown.alerts.back().code));
    case State::Refused:
      return fmt::format("refused handshake {}", evidence::alert_name(*talked.shown.sent));
    case State::NotTls:
      return "not-tls";
    case State::Unsupported:
      return "unsupported";
    case State::Talking:
      return talked.reset ? "reset handshake" : talked.closed ? "closed handshake" : "timeout";
    case State::Certificates:
      break;
  }
  return "?";
}

std::string libssl_text(const evidence::Handshake& got) {
  // We leave before the server can say that it insists on a client certificate.
  if (got.client_certificate_requested &&
      std::holds_alternative<evidence::AlertReceived>(got.outcome)) {
    return "completed";
  }
  if (const auto* refused = std::get_if<evidence::RefusedByUs>(&got.outcome)) {
    return "refused handshake " +
           (refused->alert_sent ? evidence::alert_name(*refused->alert_sent) : "none");
  }
  const std::string text = probe::outcome_text(got);
  if (text.starts_with("not-tls")) {
    return "not-tls";
  }
  return text;
}

evidence::Handshake by_libssl(const lab::Site& site) {
  evidence::ProbeSpec spec{.address = site.address, .port = site.port, .sni = site.host};
  if (target::parse_ip(site.host)) {
    spec.sni.reset();
  }
  spec.deadline_ms = 5000;
  probe::Network network(probe::NetworkOptions{});
  return *network.handshakes(std::span(&spec, 1)).front();
}

bool comparable(const lab::Site& site) {
  // The last two show another certificate for every connection.
  static const std::set<std::string, std::less<>> apart = {
      "flaky", "port-closed", "changing-certificate", "intercepted-transparently"};
  return !site.slow && site.starttls.empty() && site.proxy_url.empty() &&
         !apart.contains(site.fault);
}

// What these show is beyond this client, and it says so.
const std::set<std::string, std::less<>> kBeyond = {"malformed-extension", "weak-ciphers-only"};

TEST(LabServers, EverySiteIsSeenAsLibsslSeesIt) {
  const auto lab = lab::start_lab({}, kAt);
  ASSERT_TRUE(lab) << lab.error().what;
  std::size_t compared = 0;
  std::size_t unsupported = 0;
  for (const lab::Site& site : (*lab)->sites()) {
    if (!comparable(site)) {
      continue;
    }
    SCOPED_TRACE(site.id);
    const Talked talked = talk(site.address, site.port, site.host);
    if (talked.state == State::Unsupported) {
      ++unsupported;
      EXPECT_TRUE(kBeyond.contains(site.fault)) << talked.reason;
      continue;
    }
    const evidence::Handshake libssl = by_libssl(site);
    ++compared;
    EXPECT_EQ(ours_text(talked), libssl_text(libssl)) << talked.reason;
    if (talked.state != State::Authenticated) {
      continue;
    }
    EXPECT_EQ(talked.shown.version, static_cast<std::uint16_t>(*libssl.version));
    ASSERT_EQ(talked.shown.chain.size(), libssl.chain.size());
    for (std::size_t i = 0; i < libssl.chain.size(); ++i) {
      EXPECT_EQ(talked.shown.chain[i]->der, libssl.chain[i]) << i;
    }
    EXPECT_EQ(talked.shown.ocsp_staple, libssl.ocsp_staple);
    EXPECT_EQ(talked.shown.client_certificate_requested, libssl.client_certificate_requested);
  }
  EXPECT_GT(compared, 100U);
  EXPECT_LE(unsupported, 6U);
}

struct ServerCase {
  lab::KeyKind key = lab::KeyKind::P256;
  std::string groups;
  lab::TlsVersion max = lab::TlsVersion::Tls13;
  bool retried = false;
  std::string why;
};

TEST(LabServers, EveryKeyGroupAndVersionIsAuthenticated) {
  using enum lab::KeyKind;
  const auto tls12 = lab::TlsVersion::Tls12;
  const auto tls13 = lab::TlsVersion::Tls13;
  const std::vector<ServerCase> cases = {
      {P256, "", tls13, false, "the common one"},
      {P384, "", tls13, false, "ecdsa_secp384r1_sha384"},
      {P521, "", tls13, false, "ecdsa_secp521r1_sha512"},
      {Ed25519, "", tls13, false, "ed25519"},
      {Rsa2048, "", tls13, false, "rsa_pss_rsae"},
      {RsaPss2048, "", tls13, false, "rsa_pss_pss"},
      {P256, "P-256", tls13, true, "HelloRetryRequest to P-256"},
      {P256, "P-384", tls13, true, "HelloRetryRequest to P-384"},
      {P256, "P-521", tls13, true, "HelloRetryRequest to P-521"},
      {P256, "", tls12, false, "1.2, ECDSA"},
      {Ed25519, "", tls12, false, "1.2, Ed25519"},
      {Rsa2048, "", tls12, false, "1.2, RSA"},
      {P384, "P-384", tls12, false, "1.2, P-384 for both"},
  };
  lab::ServerHost host;
  const lab::LabClock clock(kAt);
  const lab::Identity root = lab::make_self_signed(lab::root_recipe("Root", kAt),
                                                   lab::shared_keys().key(lab::KeyKind::P256, 3));
  std::vector<std::uint16_t> ports;
  for (const ServerCase& c : cases) {
    const lab::Key key = c.key == RsaPss2048 ? lab::as_pss_key(lab::shared_keys().key(Rsa2048))
                                             : lab::shared_keys().key(c.key, 4);
    const lab::Identity leaf =
        lab::make_certificate(lab::leaf_recipe("host.lab.test", kAt), key, root);
    lab::TlsPlan plan{.shown = {.chain = {leaf.der, root.der}, .key = leaf.key},
                      .max_version = c.max,
                      .groups = c.groups};
    ports.push_back(*host.listen("127.0.0.1", 0, lab::tls_script(std::move(plan), clock)));
  }
  ASSERT_TRUE(host.start());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(cases[i].why);
    for (const Depth depth : {Depth::Certificate, Depth::Authenticated}) {
      const Talked talked = talk("127.0.0.1", ports[i], "host.lab.test", depth);
      EXPECT_EQ(talked.state,
                depth == Depth::Certificate ? State::Certificates : State::Authenticated)
          << talked.reason;
      EXPECT_EQ(talked.shown.chain.size(), 2U);
      EXPECT_EQ(talked.shown.retried, cases[i].retried);
    }
  }
}

TEST(LabServers, RsaKeyExchangeProvesNothingBeforeItsEndSoItIsLeftToLibssl) {
  lab::ServerHost host;
  const lab::Identity leaf = lab::make_self_signed(lab::leaf_recipe("host.lab.test", kAt),
                                                   lab::shared_keys().key(lab::KeyKind::Rsa2048));
  lab::TlsPlan plan{.shown = {.chain = {leaf.der}, .key = leaf.key},
                    .max_version = lab::TlsVersion::Tls12,
                    .ciphers = "AES128-GCM-SHA256"};
  const std::uint16_t port =
      *host.listen("127.0.0.1", 0, lab::tls_script(std::move(plan), lab::LabClock(kAt)));
  ASSERT_TRUE(host.start());
  const Talked talked = talk("127.0.0.1", port, "host.lab.test");
  EXPECT_EQ(talked.state, State::Unsupported);
  EXPECT_EQ(talked.reason, "RSA key exchange");
  EXPECT_EQ(talk("127.0.0.1", port, "host.lab.test", Depth::Certificate).state,
            State::Certificates);
}

}  // namespace
}  // namespace medic::tlswire
