#include "scan/scan.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

#include "lab/lab.h"
#include "scan/record.h"
#include "x509/container.h"

namespace medic::scan {
namespace {

const Time kAt = *parse_time("2026-06-01T12:00:00Z");
const FixedClock kClock(kAt);

struct Outcome {
  std::map<std::string, std::vector<Finding>> by_place;
  ScanEnd end;
  InputCounts input;
};

ScanRules rules_for(const std::string& roots_pem) {
  ScanRules rules;
  rules.clock = &kClock;
  rules.pace = {.rate = 0, .per_host = 0, .per_net = 0};
  rules.loop.handshake = std::chrono::milliseconds(1500);
  rules.loop.retries = 0;
  rules.diagnose = Diagnose::None;
  rules.judge.profiles = *profiles::select_profiles("openssl");
  std::vector<trust::Anchor> anchors;
  for (const auto& certificate : x509::read_certificates(as_bytes(roots_pem)).certificates) {
    anchors.push_back({.certificate = certificate, .source = "lab"});
  }
  rules.judge.for_all = trust::make_anchor_set("roots", "", std::move(anchors));
  rules.clinic.stores.for_all = rules.judge.for_all;
  rules.clinic.profiles = "openssl";
  rules.clinic.program = "tlsmedic test";
  return rules;
}

Outcome scanned(ScanRules rules, const std::string& text, target::Exclusions exclusions = {}) {
  Outcome outcome;
  std::istringstream stream(text);
  Input input(target::PlaceRules{}, std::move(exclusions));
  const std::vector<Source> sources = {{.name = "test", .stream = &stream}};
  const auto end = scan(
      std::move(rules), input, sources,
      [&](const Finding& finding) { outcome.by_place[finding.place.text()].push_back(finding); },
      [](const Counters& /*counters*/) {});
  EXPECT_TRUE(end);
  outcome.end = *end;
  outcome.input = input.counts();
  return outcome;
}

const lab::Lab& the_lab() {
  static const std::unique_ptr<lab::Lab> started = *lab::start_lab({}, kAt);
  return *started;
}

std::string line_of(const lab::Site& site) {
  return (site.starttls.empty() ? "" : site.starttls + "+starttls:") +
         fmt::format("{}@{}:{}", site.host, site.address, site.port);
}

std::string all_lines() {
  std::string text;
  for (const lab::Site& site : the_lab().sites()) {
    // What changes from connection to connection cannot be compared.
    if (site.proxy_url.empty() && site.fault != "flaky" && site.fault != "changing-certificate" &&
        site.fault != "intercepted-transparently") {
      text += line_of(site) + "\n";
    }
  }
  return text;
}

std::string answer(const Finding& finding) {
  std::string text = fmt::format("{} {}", verdict_id(finding.verdict), finding.outcome);
  for (const std::string& fault : finding.faults) {
    text += " " + fault;
  }
  for (const auto& certificate : finding.seen.chain) {
    text += " " + hex(certificate->fingerprint).substr(0, 8);
  }
  return text;
}

TEST(Scan, EveryLabServerIsJudgedAsByAFinishedHandshakeOfLibssl) {
  const std::string lines = all_lines();
  const std::string& roots = the_lab().sites().front().ca_pem;
  const Outcome fast = scanned(rules_for(roots), lines);
  ScanRules full = rules_for(roots);
  full.loop.depth = Depth::Full;
  const Outcome slow = scanned(std::move(full), lines);
  EXPECT_GT(fast.by_place.size(), 150U);
  EXPECT_EQ(fast.by_place.size(), slow.by_place.size());
  for (const auto& [place, findings] : fast.by_place) {
    SCOPED_TRACE(place);
    ASSERT_TRUE(slow.by_place.contains(place));
    EXPECT_EQ(answer(findings.front()), answer(slow.by_place.at(place).front()));
  }
  // Two of three connections by the fast client; the lab is full of servers that need libssl.
  EXPECT_LT(fast.end.left_to_libssl * 4, fast.end.connections);
  EXPECT_GT(fast.end.left_to_libssl, 0U);
}

TEST(Scan, FailingPlacesGetTheirCauseAndWhoMustAct) {
  const lab::Site* const expired = the_lab().site("expired-leaf");
  const lab::Site* const good = the_lab().site("expired-leaf.good");
  ScanRules rules = rules_for(expired->ca_pem);
  rules.diagnose = Diagnose::Failing;
  const Outcome outcome = scanned(std::move(rules), line_of(*expired) + "\n" + line_of(*good));
  const Finding& bad = outcome.by_place.at(line_of(*expired)).front();
  ASSERT_EQ(bad.causes.size(), 1U);
  EXPECT_EQ(bad.causes.front().id, "expired-leaf");
  EXPECT_EQ(bad.causes.front().party, "server");
  EXPECT_EQ(bad.causes.front().certainty, "proven");
  EXPECT_EQ(outcome.by_place.at(line_of(*good)).front().diagnosis, "not-asked");
}

TEST(Scan, MoreProfilesAreAskedOfTheSameChain) {
  const lab::Site* const site = the_lab().site("sha1-signature");
  ScanRules rules = rules_for(site->ca_pem);
  const auto all = *profiles::select_profiles("all");
  rules.judge.profiles.insert(rules.judge.profiles.end(), all.begin(), all.end());
  const Outcome outcome = scanned(std::move(rules), line_of(*site));
  const Finding& finding = outcome.by_place.begin()->second.front();
  EXPECT_EQ(finding.accepting.size() + finding.refusing.size(), all.size() + 1);
  EXPECT_FALSE(finding.refusing.empty());
}

TEST(Scan, NothingIsLookedAtTwiceOrThoughExcluded) {
  const lab::Site* const site = the_lab().site("expired-leaf.good");
  const std::size_t before = the_lab().connections(site->port);
  target::Exclusions exclusions;
  ASSERT_TRUE(exclusions.add("127.0.0.99"));
  const Outcome outcome =
      scanned(rules_for(site->ca_pem),
              line_of(*site) + "\n" + line_of(*site) +
                  " # again\n\nexample.org@127.0.0.99:1\nno host!\nnonsense+starttls:example.org\n",
              std::move(exclusions));
  EXPECT_EQ(outcome.input.places, 1U);
  EXPECT_EQ(outcome.input.twice, 1U);
  EXPECT_EQ(outcome.input.excluded, 1U);
  EXPECT_EQ(outcome.input.unreadable, 2U);
  EXPECT_EQ(the_lab().connections(site->port) - before, 1U);
}

TEST(Scan, SilentPlacesHoldUpNobodyAndAreRetriedAsTold) {
  const lab::Site* const silent = the_lab().site("silence");
  const lab::Site* const good = the_lab().site("expired-leaf.good");
  std::string lines;
  for (int i = 1; i <= 60; ++i) {
    lines += fmt::format("s{}.test@{}:{}\n", i, silent->address, silent->port);
    lines += fmt::format("{}@127.0.0.1:{}\n", good->host, good->port);
  }
  ScanRules rules = rules_for(good->ca_pem);
  rules.loop.handshake = std::chrono::milliseconds(400);
  rules.loop.retries = 1;
  const auto start = std::chrono::steady_clock::now();
  const Outcome outcome = scanned(std::move(rules), lines);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(8));
  EXPECT_EQ(outcome.by_place.size(), 61U);
  EXPECT_EQ(outcome.end.retried, 60U);
  EXPECT_EQ(outcome.by_place.at(fmt::format("s1.test@{}:{}", silent->address, silent->port))
                .front()
                .seen.attempts,
            2U);
}

TEST(Scan, WhatIsStoppedHasNoRecordAndIsCounted) {
  const lab::Site* const silent = the_lab().site("silence");
  std::string lines;
  for (int i = 1; i <= 20; ++i) {
    lines += fmt::format("s{}.test@{}:{}\n", i, silent->address, silent->port);
  }
  std::atomic<bool> stop = false;
  ScanRules rules = rules_for(silent->ca_pem);
  rules.stop = &stop;
  std::istringstream stream(lines);
  Input input(target::PlaceRules{}, target::Exclusions{});
  const std::vector<Source> sources = {{.name = "test", .stream = &stream}};
  std::size_t taken = 0;
  const auto end = scan(
      std::move(rules), input, sources, [&](const Finding& /*finding*/) { ++taken; },
      [&](const Counters& counters) { stop = counters.started == 20; });
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->stopped);
  EXPECT_EQ(taken + end->abandoned, 20U);
}

TEST(Scan, PaceHoldsPerAddressPerNetworkAndPerSecond) {
  const auto now = std::chrono::steady_clock::now();
  Pace hosts({.rate = 0, .per_host = 1, .per_net = 2});
  EXPECT_EQ(hosts.admit("192.0.2.1", now), Pace::Answer::Go);
  EXPECT_EQ(hosts.admit("192.0.2.1", now), Pace::Answer::AddressBusy);
  EXPECT_EQ(hosts.admit("192.0.2.2", now), Pace::Answer::Go);
  EXPECT_EQ(hosts.admit("192.0.2.3", now), Pace::Answer::AddressBusy) << "the network is full";
  EXPECT_EQ(hosts.admit("198.51.100.1", now), Pace::Answer::Go);
  hosts.release("192.0.2.1");
  EXPECT_EQ(hosts.admit("192.0.2.3", now), Pace::Answer::Go);

  Pace rate({.rate = 20, .per_host = 0, .per_net = 0});
  std::size_t admitted = 0;
  for (int ms = 0; ms < 1000; ++ms) {
    admitted +=
        rate.admit("192.0.2.1", now + std::chrono::milliseconds(ms)) == Pace::Answer::Go ? 1U : 0U;
  }
  EXPECT_GE(admitted, 19U);
  EXPECT_LE(admitted, 22U);
}

TEST(Scan, RecordsSayTheirPlaceSoThatARunCanBeContinued) {
  Finding finding{.place = {.host = "a.example", .address = "192.0.2.1", .port = 8443},
                  .address = "192.0.2.1",
                  .at = kAt,
                  .verdict = Verdict::Fail,
                  .faults = {"expired"},
                  .outcome = "not-tls",
                  .detail = "=\"cmd\x01"};
  EXPECT_EQ(recorded_place(json_record(finding)), "a.example@192.0.2.1:8443");
  EXPECT_EQ(recorded_place("{\"schema\":\"tlsmedic.scan-certificate/1\"}"), std::nullopt);
  EXPECT_NE(json_record(finding).find(R"("detail":"=\"cmd\u0001")"), std::string::npos);
  EXPECT_NE(csv_record(finding).find("\"'=\"\"cmd \""), std::string::npos)
      << "what a server says must not become a formula";
}

}  // namespace
}  // namespace medic::scan
