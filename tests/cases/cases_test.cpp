// Every lab fault against the diagnosis: the right cause, the right party, a proof, no wrong cause;
// every good twin healthy; every diagnosis replayed from its saved case to the same bytes.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "catalogue/cause.h"
#include "cli/lab_diagnosis.h"
#include "evidence/case.h"
#include "report/diagnosis_json.h"
#include "report/diagnosis_text.h"
#include "tests/cases/case_file.h"

namespace medic::cases {
namespace {

constexpr const char* kDirectory = MEDIC_SOURCE_DIR "/tests/cases";

trust::AnchorSetPtr store(const std::string& id, const std::string& what,
                          const cli::SitePlan& plan) {
  if (what == "empty") {
    return trust::make_anchor_set(id, "an empty store", {});
  }
  const trust::AnchorSetPtr roots = what == "system" ? plan.stores.by_id.at("system")
                                    : plan.stores.for_all != nullptr
                                        ? plan.stores.for_all
                                        : plan.stores.by_id.at("mozilla");
  return trust::make_anchor_set(id, "the lab's CA", roots->all());
}

// The installed clients of a scene, in place of the profiles.
void add_clients(const Scene& scene, cli::SitePlan& plan) {
  if (scene.client_store.empty()) {
    return;
  }
  plan.facts.asked.profiles = "none";
  plan.stores.by_id["pips-file"] = store("pips-file", scene.client_store, plan);
  evidence::ClientFacts pip{.id = "pip",
                            .kind = "pip",
                            .profile = "requests-urllib3-2",
                            .store = "pips-file",
                            .rule = "certifi",
                            .old_edition = scene.client_edition};
  if (!scene.client_trouble.empty()) {
    pip.broken.push_back({.rule = scene.client_place.empty() ? "SSL_CERT_FILE" : "global.cert",
                          .path = "/srv/gone.pem",
                          .trouble = scene.client_trouble,
                          .place = scene.client_place,
                          .fatal = true});
    pip.repaired_store = "curls-file";
  }
  if (!scene.client_problem.empty()) {
    pip.problems.push_back({.cause = scene.client_problem,
                            .subject = "/opt/python3.11",
                            .rule = "trusted-host",
                            .place = "/etc/pip.conf:3",
                            .reason = "No module named '_ssl'"});
    pip.verifies = scene.client_problem != "verification-disabled-on-purpose";
  }
  plan.facts.clients.push_back(std::move(pip));
  if (!scene.other_client_store.empty()) {
    plan.stores.by_id["curls-file"] = store("curls-file", scene.other_client_store, plan);
    plan.facts.clients.push_back(
        {.id = "curl", .kind = "curl", .profile = "curl", .store = "curls-file", .rule = "CAfile"});
  }
}

std::string summary(const diagnose::Diagnosis& diagnosis) {
  std::string text;
  for (const diagnose::Finding& finding : diagnosis.findings) {
    std::vector<std::string_view> proof;
    for (const diagnose::Observation& seen : finding.proof) {
      proof.push_back(seen.experiment);
    }
    text += fmt::format("  {} ({}, {}) proof: {}\n", finding.cause->id,
                        catalogue::party_id(finding.party),
                        finding.certainty == diagnose::Certainty::Proven ? "proven" : "suspected",
                        fmt::join(proof, ", "));
  }
  return text.empty() ? "  (nothing stated)\n" : text;
}

const diagnose::Finding* find(const diagnose::Diagnosis& diagnosis, std::string_view cause) {
  const auto at = std::ranges::find_if(
      diagnosis.findings, [&](const diagnose::Finding& f) { return f.cause->id == cause; });
  return at == diagnosis.findings.end() ? nullptr : &*at;
}

void expect_proof(const diagnose::Finding& finding, const Scene& scene) {
  if (scene.proof.empty()) {
    EXPECT_EQ(finding.certainty, diagnose::Certainty::Suspected)
        << "a case without a proof is for what can only be suspected";
    return;
  }
  EXPECT_EQ(finding.certainty, diagnose::Certainty::Proven);
  for (const std::string& experiment : scene.proof) {
    EXPECT_TRUE(std::ranges::any_of(
        finding.proof,
        [&](const diagnose::Observation& seen) { return seen.experiment == experiment; }))
        << "no proof by " << experiment;
  }
}

class Cases : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = lab::start_lab({}, SystemClock().now());
    ASSERT_TRUE(started.has_value()) << started.error().what;
    lab_ = *std::move(started);
    auto files = read_case_files(kDirectory);
    ASSERT_TRUE(files.has_value()) << files.error().what;
    files_ = *std::move(files);
  }
  static void TearDownTestSuite() { lab_.reset(); }

  static Result<cli::FinishedDiagnosis> diagnosed(const Scene& scene) {
    const lab::Site* site = lab_->site(scene.site);
    if (site == nullptr) {
      return fail(ErrorKind::Usage, fmt::format("no lab site '{}'", scene.site));
    }
    MEDIC_TRY(cli::SitePlan plan, cli::plan_for(*site));
    plan.facts.at += std::chrono::days{scene.clock_days};
    add_clients(scene, plan);
    if (!scene.system_store.empty() || !scene.mozilla_store.empty()) {
      plan.stores.by_id["system"] = store("system", scene.system_store, plan);
      plan.stores.by_id["mozilla"] = store("mozilla", scene.mozilla_store, plan);
      plan.stores.for_all = nullptr;
    }
    probe::Network network(std::move(plan.network));
    return cli::run_diagnosis(std::move(plan.facts), std::move(plan.stores), network);
  }

  static std::unique_ptr<lab::Lab> lab_;
  static std::vector<CaseFile> files_;
};

std::unique_ptr<lab::Lab> Cases::lab_;
std::vector<CaseFile> Cases::files_;

TEST_F(Cases, EveryFaultYieldsItsCauseAndNoOther) {
  for (const CaseFile& file : files_) {
    for (const Scene& scene : file.fires) {
      SCOPED_TRACE(fmt::format("{}.case at {}", file.cause, scene.site));
      const auto finished = diagnosed(scene);
      ASSERT_TRUE(finished.has_value()) << finished.error().what;
      const diagnose::Diagnosis& diagnosis = finished->diagnosis;
      SCOPED_TRACE(summary(diagnosis));
      const diagnose::Finding* finding = find(diagnosis, file.cause);
      if (finding == nullptr) {
        ADD_FAILURE() << "not stated";
        continue;
      }
      EXPECT_EQ(catalogue::party_id(finding->party), file.party);
      expect_proof(*finding, scene);
      EXPECT_FALSE(finding->cause->remedies.empty());
      for (const diagnose::Finding& other : diagnosis.findings) {
        const bool true_too = std::ranges::find(scene.also, other.cause->id) != scene.also.end();
        EXPECT_TRUE(&other == finding || true_too) << "wrongly stated: " << other.cause->id;
      }
    }
  }
}

TEST_F(Cases, NoNearMissYieldsTheCause) {
  for (const CaseFile& file : files_) {
    EXPECT_FALSE(file.near_misses.empty()) << file.cause << ".case has no near miss";
    for (const Scene& scene : file.near_misses) {
      SCOPED_TRACE(fmt::format("{}.case near miss {}: {}", file.cause, scene.site, scene.because));
      const auto finished = diagnosed(scene);
      ASSERT_TRUE(finished.has_value()) << finished.error().what;
      EXPECT_EQ(find(finished->diagnosis, file.cause), nullptr) << summary(finished->diagnosis);
    }
  }
}

TEST_F(Cases, EveryGoodTwinIsHealthyAndNothingElse) {
  for (const lab::Site& site : lab_->sites()) {
    if (site.cause != "healthy" || !site.twin) {
      continue;
    }
    SCOPED_TRACE(site.id);
    const auto finished = diagnosed({.site = site.id});
    ASSERT_TRUE(finished.has_value()) << finished.error().what;
    EXPECT_EQ(finished->diagnosis.health, diagnose::Health::Healthy);
    EXPECT_TRUE(finished->diagnosis.findings.empty()) << summary(finished->diagnosis);
    EXPECT_TRUE(finished->diagnosis.unexplained.empty());
  }
}

TEST_F(Cases, EveryFaultOfTheLabHasACase) {
  std::set<std::string, std::less<>> covered;
  for (const CaseFile& file : files_) {
    for (const Scene& scene : file.fires) {
      covered.insert(scene.site);
    }
  }
  for (const lab::Site& site : lab_->sites()) {
    EXPECT_TRUE(site.cause == "healthy" || covered.contains(site.id)) << site.id;
  }
}

TEST_F(Cases, EachDiagnosisStaysUnderEightConnectionsAndReplaysToTheSameBytes) {
  for (const lab::Site& site : lab_->sites()) {
    SCOPED_TRACE(site.id);
    const auto finished = diagnosed({.site = site.id});
    ASSERT_TRUE(finished.has_value()) << finished.error().what;
    if (site.addresses.size() < 2) {
      EXPECT_LT(finished->diagnosis.connections, 8U);
    }
    auto parsed = evidence::parse_case(evidence::case_json(finished->facts));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().what;
    const auto replayed = cli::replay_diagnosis(*std::move(parsed));
    ASSERT_TRUE(replayed.has_value()) << replayed.error().what;
    for (const text::Language language : {text::Language::English, text::Language::Korean}) {
      EXPECT_TRUE(report::diagnosis_json(replayed->diagnosis, replayed->facts, language) ==
                  report::diagnosis_json(finished->diagnosis, finished->facts, language));
      const report::TextStyle style{.language = language, .detail = report::Detail::Full};
      EXPECT_TRUE(report::diagnosis_text(replayed->diagnosis, replayed->facts, style) ==
                  report::diagnosis_text(finished->diagnosis, finished->facts, style))
          << summary(replayed->diagnosis) << "instead of\n"
          << summary(finished->diagnosis);
    }
  }
}

TEST_F(Cases, InstalledClientsReplayToTheSameBytes) {
  std::size_t replays = 0;
  for (const CaseFile& file : files_) {
    for (const Scene& scene : file.fires) {
      if (scene.client_store.empty()) {
        continue;
      }
      SCOPED_TRACE(file.cause);
      const auto finished = diagnosed(scene);
      ASSERT_TRUE(finished.has_value()) << finished.error().what;
      auto parsed = evidence::parse_case(evidence::case_json(finished->facts));
      ASSERT_TRUE(parsed.has_value()) << parsed.error().what;
      const auto replayed = cli::replay_diagnosis(*std::move(parsed));
      ASSERT_TRUE(replayed.has_value()) << replayed.error().what;
      const text::Language korean = text::Language::Korean;
      EXPECT_EQ(report::diagnosis_json(replayed->diagnosis, replayed->facts, korean),
                report::diagnosis_json(finished->diagnosis, finished->facts, korean));
      ++replays;
    }
  }
  EXPECT_GE(replays, 3U);
}

// A placeholder left open or a key without a sentence would reach a person.
TEST_F(Cases, NoSentenceOfAReportIsUnfinished) {
  for (const lab::Site& site : lab_->sites()) {
    SCOPED_TRACE(site.id);
    const auto finished = diagnosed({.site = site.id});
    ASSERT_TRUE(finished.has_value()) << finished.error().what;
    for (const text::Language language : {text::Language::English, text::Language::Korean}) {
      for (const diagnose::Finding& finding : finished->diagnosis.findings) {
        for (const std::string& name : text::placeholders(finding.cause->text(language).finding)) {
          if (finding.certainty == diagnose::Certainty::Proven) {
            EXPECT_TRUE(finding.facts.contains(name))
                << finding.cause->id << " lacks {" << name << "}";
          }
        }
      }
      const std::string page =
          report::diagnosis_text(finished->diagnosis, finished->facts,
                                 {.language = language, .detail = report::Detail::Full});
      for (const std::string_view open :
           {"[report.", "[experiment.", "[diagnose.", "[fault.", "{before}", "{after}"}) {
        EXPECT_EQ(page.find(open), std::string::npos) << page;
      }
    }
  }
}

}  // namespace
}  // namespace medic::cases
