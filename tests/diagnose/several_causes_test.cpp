// Two things wrong at once: both are said, nothing else is; and what no experiment decides is only
// suspected.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "diagnose/diagnosis.h"
#include "lab/certificate_maker.h"
#include "tests/diagnose/fake_world.h"

namespace medic::diagnose {
namespace {

using lab::Identity;
using lab::Recipe;
using std::chrono::days;

const Time kAt{std::chrono::seconds(1800000000)};
constexpr const char* kHost = "shop.lab.test";
constexpr const char* kIssuerUrl = "http://ca.lab.test/issuer.der";

lab::Key key(std::size_t number) {
  return lab::shared_keys().key(lab::KeyKind::P256, number);
}

// The lab's usual three certificates, and the world that shows them.
struct Scene {
  Identity root = lab::make_self_signed(lab::root_recipe("scene root", kAt), key(4));
  Identity issuer =
      lab::make_certificate(lab::intermediate_recipe("scene issuer", kAt), key(1), root);
  Recipe leaf = lab::leaf_recipe(kHost, kAt);
  bool send_issuer = true;
  bool self_signed = false;
  std::optional<trust::DistrustedRoot> removed;  // the root, as a programme decided about it
  bool trusted = true;
  std::vector<evidence::ProxyFacts> proxies;
  FakeWorld world;

  Diagnosis diagnosed() {
    const Identity shown = self_signed ? lab::make_self_signed(leaf, key(0))
                                       : lab::make_certificate(leaf, key(0), issuer);
    world.chain = {shown.der};
    if (send_issuer && !self_signed) {
      world.chain.push_back(issuer.der);
    }
    world.published[kIssuerUrl] = issuer.der;
    evidence::Case facts;
    facts.at = kAt;
    facts.target = {.url = "https://shop.lab.test/", .host = kHost, .unicode = kHost};
    facts.asked.fetch_private = true;
    facts.proxies = proxies;
    Stores stores;
    const x509::CertificatePtr anchor = *x509::parse_certificate(root.der);
    stores.for_all = trust::make_anchor_set(
        "lab", "the lab's CA",
        trusted ? std::vector<trust::Anchor>{{.certificate = anchor, .source = "test"}}
                : std::vector<trust::Anchor>{});
    stores.distrusted = [this, anchor](const Bytes& subject) {
      std::vector<trust::DistrustedRoot> found;
      if (removed && anchor->subject.canonical == subject) {
        found.push_back(*removed);
        found.back().certificate = anchor;
      }
      return found;
    };
    auto result = diagnose(facts, world, std::move(stores));
    EXPECT_TRUE(result.has_value());
    return result ? *std::move(result) : Diagnosis{};
  }
};

std::set<std::string> stated(const Diagnosis& diagnosis) {
  std::set<std::string> ids;
  for (const Finding& finding : diagnosis.findings) {
    ids.insert(finding.cause->id);
  }
  return ids;
}

void expired(Scene& scene) {
  scene.leaf.not_after = kAt - days{3};
}
void other_host(Scene& scene) {
  scene.leaf.dns = {"www.elsewhere.example"};
}
void no_issuer(Scene& scene) {
  scene.leaf.ca_issuer_urls = {kIssuerUrl};
  scene.send_issuer = false;
}
void client_purpose(Scene& scene) {
  scene.leaf.extended_key_usage = {std::string(lab::kClientAuth)};
}
void alone(Scene& scene) {
  scene.self_signed = true;
}

struct Pair {
  std::vector<void (*)(Scene&)> faults;
  std::set<std::string> causes;
  std::string_view why;
};

TEST(SeveralCauses, AreAllSaidAndNoOther) {
  const Pair kPairs[] = {
      {{}, {}, "nothing wrong: nothing said"},
      {{expired, other_host},
       {"expired-leaf", "hostname-mismatch-wrong-certificate"},
       "a forgotten default certificate"},
      {{expired, no_issuer},
       {"expired-leaf", "missing-intermediate"},
       "a renewal gone wrong twice"},
      {{other_host, no_issuer},
       {"hostname-mismatch-wrong-certificate", "missing-intermediate"},
       "the wrong virtual host, and half its chain"},
      {{alone, other_host},
       {"self-signed-server", "hostname-mismatch-wrong-certificate"},
       "a factory certificate"},
      {{alone, expired}, {"self-signed-server", "expired-leaf"}, "an old factory certificate"},
      {{client_purpose, expired}, {"wrong-purpose", "expired-leaf"}, "a client's old certificate"},
      {{expired, other_host, no_issuer},
       {"expired-leaf", "hostname-mismatch-wrong-certificate", "missing-intermediate"},
       "three at once"},
  };
  for (const Pair& pair : kPairs) {
    SCOPED_TRACE(pair.why);
    Scene scene;
    for (void (*fault)(Scene&) : pair.faults) {
      fault(scene);
    }
    const Diagnosis diagnosis = scene.diagnosed();
    EXPECT_EQ(stated(diagnosis), pair.causes);
    EXPECT_TRUE(diagnosis.unexplained.empty());
    EXPECT_LT(scene.world.connections, 8U);
    for (const Finding& finding : diagnosis.findings) {
      EXPECT_EQ(finding.certainty, Certainty::Proven) << finding.cause->id;
      EXPECT_FALSE(finding.proof.empty()) << finding.cause->id;
    }
  }
}

TEST(SeveralCauses, ErrorsComeBeforeWarningsAndProvenOnesBeforeSuspected) {
  Scene scene;
  expired(scene);
  other_host(scene);
  no_issuer(scene);
  const Diagnosis diagnosis = scene.diagnosed();
  EXPECT_TRUE(std::ranges::is_sorted(diagnosis.findings, [](const Finding& a, const Finding& b) {
    return std::tuple(a.severity, a.certainty) < std::tuple(b.severity, b.certainty);
  }));
}

const trust::DistrustedRoot kRemoved{
    .certificate = nullptr, .owner = "Lab", .programmes = "Chrome", .since = "2020-01-01"};

TEST(DistrustedCa, IsSaidWhenTheRemovedRootWouldCureIt) {
  Scene scene;
  scene.trusted = false;
  scene.removed = kRemoved;
  const Diagnosis diagnosis = scene.diagnosed();
  EXPECT_EQ(stated(diagnosis), std::set<std::string>{"distrusted-ca"});
  ASSERT_FALSE(diagnosis.findings.empty());
  EXPECT_EQ(diagnosis.findings.front().certainty, Certainty::Proven);
  EXPECT_EQ(diagnosis.findings.front().party, catalogue::Party::Server);
}

TEST(DistrustedCa, IsNotSaidOfAPrivateRootThatNoProgrammeEverKnew) {
  Scene scene;
  scene.trusted = false;
  EXPECT_EQ(stated(scene.diagnosed()).count("distrusted-ca"), 0U);
}

TEST(DistrustedCa, WarnsOfANewCertificateWhereOnlyOlderOnesAreTaken) {
  Scene scene;
  scene.removed = kRemoved;
  scene.removed->issued_after = kAt - days{3650};
  const Diagnosis diagnosis = scene.diagnosed();
  EXPECT_EQ(stated(diagnosis), std::set<std::string>{"distrusted-ca"});
  EXPECT_EQ(diagnosis.health, Health::Healthy);
  scene.removed->issued_after = kAt;
  EXPECT_TRUE(stated(scene.diagnosed()).empty()) << "the certificate is older than the decision";
}

TEST(ProxyNotUsed, IsSaidWhenOnlyTheWayThroughTheProxyIsOpen) {
  for (const evidence::Outcome& direct :
       {evidence::Outcome(evidence::NotConnected{.reason = "timeout", .detail = {}}),
        evidence::Outcome(evidence::Closed{.phase = evidence::Phase::Handshake, .reset = true})}) {
    Scene scene;
    scene.world.outcome = direct;
    scene.world.through_proxy = evidence::Completed{};
    scene.proxies = {{.id = "unused",
                      .url = "http://proxy.lab.test:3128",
                      .source = "https_proxy, --proxy none"}};
    EXPECT_EQ(stated(scene.diagnosed()), std::set<std::string>{"proxy-not-used"});
    scene.world.through_proxy = evidence::ProxyRefused{.status = 403};
    EXPECT_EQ(stated(scene.diagnosed()).count("proxy-not-used"), 0U) << "it is of no use either";
    scene.world.through_proxy = evidence::Completed{};
    scene.proxies.clear();
    EXPECT_EQ(stated(scene.diagnosed()).count("proxy-not-used"), 0U) << "there is no proxy";
  }
}

struct Undecided {
  evidence::Outcome outcome;
  std::string_view first;
  std::string_view why;
};

TEST(SeveralCauses, WhatNoExperimentDecidesIsSuspectedWithAlternatives) {
  const Undecided kRows[] = {
      {evidence::AlertReceived{.code = 40}, "no-shared-cipher", "the most general alert there is"},
      {evidence::AlertReceived{.code = 80}, "server-crash-or-limits", "the server's own trouble"},
      {evidence::Closed{.phase = evidence::Phase::Handshake, .reset = true}, "reset-after-hello",
       "who sent the reset cannot be seen"},
      {evidence::Closed{.phase = evidence::Phase::Handshake}, "closed-after-hello",
       "who closed cannot be seen"},
  };
  for (const Undecided& row : kRows) {
    SCOPED_TRACE(row.why);
    Scene scene;
    scene.world.outcome = row.outcome;
    const Diagnosis diagnosis = scene.diagnosed();
    ASSERT_EQ(diagnosis.findings.size(), 1U);
    const Finding& finding = diagnosis.findings.front();
    EXPECT_EQ(finding.cause->id, row.first);
    EXPECT_EQ(finding.certainty, Certainty::Suspected);
    EXPECT_FALSE(finding.alternatives.empty());
    EXPECT_TRUE(finding.proof.empty());
    EXPECT_LT(scene.world.connections, 8U);
  }
}

}  // namespace
}  // namespace medic::diagnose
