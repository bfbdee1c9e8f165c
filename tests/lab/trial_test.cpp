#include "lab/trial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/subprocess.h"
#include "text/messages.h"

namespace medic::lab {
namespace {

const Time kAt = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

class Trials : public testing::Test {
 protected:
  void SetUp() override {
    auto directory = TemporaryDirectory::make();
    ASSERT_TRUE(directory);
    directory_.emplace(std::move(*directory));
  }

  TrialPlan plan(std::vector<std::string> command) const {
    return {.command = std::move(command),
            .timeout = std::chrono::milliseconds(3000),
            .environment = process_environment(),
            .directory = directory_.value().path()};
  }

  static std::unique_ptr<Lab> started(const std::vector<std::string>& faults) {
    auto lab = start_lab(faults, kAt);
    EXPECT_TRUE(lab);
    return std::move(*lab);
  }

  std::optional<TemporaryDirectory> directory_;
};

std::string verdicts(const std::vector<Trial>& trials) {
  std::string text;
  for (const Trial& trial : trials) {
    text += trial.site->id + "=" + std::string(verdict_id(trial.verdict)) + " ";
  }
  return text;
}

TEST_F(Trials, AClientThatAcceptsEverythingIsCaught) {
  const auto lab = started({"expired-leaf", "root-included", "missing-intermediate"});
  const auto trials = run_trials(*lab, plan({"true", "{url}", "{resolve}"}));
  ASSERT_TRUE(trials);
  EXPECT_EQ(verdicts(*trials),
            "expired-leaf=wrongly-accepts expired-leaf.good=right root-included=right "
            "root-included.good=right missing-intermediate=depends "
            "missing-intermediate.good=right ");
}

TEST_F(Trials, AClientThatRefusesEverythingIsCaught) {
  const auto lab = started({"expired-leaf", "root-included"});
  const auto trials = run_trials(*lab, plan({"false", "{url}", "{address}"}));
  ASSERT_TRUE(trials);
  EXPECT_EQ(verdicts(*trials),
            "expired-leaf=right expired-leaf.good=wrongly-refuses root-included=wrongly-refuses "
            "root-included.good=wrongly-refuses ");
}

TEST_F(Trials, AClientThatHangsIsEndedAndCountsAsRefusing) {
  const auto lab = started({"expired-leaf"});
  TrialPlan hanging = plan({"sleep", "60", "{url}{resolve}"});
  hanging.command = {"sh", "-c", "sleep 60", "{url}{resolve}"};
  hanging.timeout = std::chrono::milliseconds(200);
  const auto trials = run_trials(*lab, hanging);
  ASSERT_TRUE(trials);
  EXPECT_TRUE(trials->front().timed_out);
  EXPECT_EQ(trials->front().verdict, TrialVerdict::Right);
}

TEST_F(Trials, PlaceholdersAreFilledAndTheUsersProxyIsKeptOut) {
  const auto lab = started({"expired-leaf"});
  TrialPlan echo = plan({"sh", "-c", "echo \"$0 [$https_proxy]\"; test -s \"$1\"",
                         "{host}:{port} {resolve} {address}", "{ca}", "{url}"});
  echo.environment["https_proxy"] = "http://proxy.example:3128";
  const auto trials = run_trials(*lab, echo);
  ASSERT_TRUE(trials);
  const Site& site = *trials->front().site;
  const std::string place = site.host + ":" + std::to_string(site.port);
  EXPECT_EQ(trials->front().output, place + " " + place + ":127.0.0.1 127.0.0.1 []\n");
  EXPECT_TRUE(trials->front().accepted) << "the CA file is there and not empty";
}

TEST_F(Trials, TheProxyOfAFaultIsInTheEnvironment) {
  const auto lab = started({"proxy-407"});
  // Connects and gives up, so that the client counts as having used the proxy.
  const auto trials = run_trials(
      *lab, plan({"bash", "-c", "echo $https_proxy; exec 3<>/dev/tcp/127.0.0.1/${https_proxy##*:}",
                  "{url}", "{resolve}"}));
  ASSERT_TRUE(trials);
  EXPECT_EQ(trials->front().output, trials->front().site->proxy_url + "\n");
}

TEST_F(Trials, AClientThatIgnoresTheProxyOfAFaultIsNotJudgedByIt) {
  const auto lab = started({"intercepted-untrusted"});
  const auto trials = run_trials(*lab, plan({"true", "{url}", "{resolve}"}));
  ASSERT_TRUE(trials);
  EXPECT_EQ(trials->front().verdict, TrialVerdict::Untested);
  EXPECT_EQ(trials->front().reason, "lab.untested_proxy_ignored");
}

TEST_F(Trials, ACommandThatCannotReachTheLabIsRefusedBeforeItRuns) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"curl", "https://example.org"}, {"curl", "{url}"}}) {
    const auto usable = check_command(plan(command));
    ASSERT_FALSE(usable);
    EXPECT_EQ(usable.error().kind, ErrorKind::Usage);
  }
  TrialPlan through = plan({"wget", "{url}"});
  through.proxy = ProxyUse::Always;
  EXPECT_TRUE(check_command(through));
}

TEST_F(Trials, WhatAnHttpsUrlCannotSayIsUntestedWithAReason) {
  const auto lab = started({"smtp-greeting", "client-cert-ca-list"});
  const auto trials = run_trials(*lab, plan({"true", "{url}", "{resolve}"}));
  ASSERT_TRUE(trials);
  for (const Trial& trial : *trials) {
    const bool unreachable =
        !trial.site->starttls.empty() || (trial.site->twin && !trial.site->client_pem.empty());
    EXPECT_EQ(trial.verdict == TrialVerdict::Untested, unreachable) << trial.site->id;
    EXPECT_EQ(trial.reason.empty(), !unreachable);
  }
}

// The real thing: curl with OpenSSL (or GnuTLS) makes no mistake that the lab can see.
TEST_F(Trials, CurlAcceptsAllGoodServersAndRefusesAllBadOnes) {
  const auto curl = find_program("curl", variable(process_environment(), "PATH"));
  if (!curl) {
    GTEST_SKIP() << "curl is not installed: no real client was tried against the lab";
  }
  std::vector<std::string> quick;
  for (const LabFault* fault : fault_registry()) {
    if (!fault->slow) {
      quick.emplace_back(fault->id);
    }
  }
  const auto lab = started(quick);
  const auto trials = run_trials(*lab, plan({curl->string(), "-sS", "-o", "/dev/null", "--resolve",
                                             "{resolve}", "--cacert", "{ca}", "{url}"}));
  ASSERT_TRUE(trials) << trials.error().what;
  EXPECT_EQ(trials->size(), lab->sites().size());
  for (const Trial& trial : *trials) {
    EXPECT_NE(trial.verdict, TrialVerdict::WronglyAccepts) << trial.site->id;
    EXPECT_NE(trial.verdict, TrialVerdict::WronglyRefuses) << trial.site->id << trial.output;
  }
}

TEST(LabTexts, EveryFaultHasItsSentenceInBothLanguages) {
  for (const LabFault* fault : fault_registry()) {
    for (const auto language : {text::Language::English, text::Language::Korean}) {
      EXPECT_FALSE(text::message(language, fault->summary_key).starts_with('[')) << fault->id;
    }
  }
}

}  // namespace
}  // namespace medic::lab
