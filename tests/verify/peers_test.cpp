// The simulated clients against the real ones over generated chains, where they are installed. What
// differs is listed in divergences.toml with its reason.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.h"
#include "base/subprocess.h"
#include "base/toml.h"
#include "lab/lab.h"
#include "lab/tls_server.h"
#include "tests/verify/chain_generator.h"
#include "tests/verify/lab_chains.h"
#include "tests/verify/world.h"
#include "x509/container.h"

namespace medic::verify {
namespace {

constexpr std::uint64_t kChains = 2000;

std::string peers() {
  return std::string(MEDIC_SOURCE_DIR) + "/tests/verify/peers";
}

struct Case {
  GeneratedChain generated;
  std::vector<x509::CertificatePtr> chain;
  trust::AnchorSetPtr store;
};

// What the lab's servers send, numbered behind the generated ones; "lab:expired-leaf".
void add_lab_chains(std::map<std::uint64_t, Case>& all) {
  std::uint64_t number = kChains;
  for (const LabChain& lab : lab_chains()) {
    Case one{.generated = {.sent = lab.sent, .store = {}, .name = lab.host, .at = lab.at}};
    one.generated.recipe = "lab:" + lab.fault;
    for (const x509::CertificatePtr& root :
         x509::read_certificates(as_bytes(lab.ca_pem)).certificates) {
      one.generated.store.push_back(root->der);
    }
    if (auto chain = parsed_chain(one.generated.sent)) {
      one.chain = *std::move(chain);
      one.store = store_of(one.generated.store);
      all.emplace(++number, std::move(one));
    }
  }
}

using Cases = std::map<std::uint64_t, Case>;

const Cases& cases() {
  static const Cases made = [] {
    Cases all;
    for (std::uint64_t seed = 1; seed <= kChains; ++seed) {
      Case one{.generated = generated_chain(seed)};
      if (auto chain = parsed_chain(one.generated.sent)) {
        one.chain = *std::move(chain);
        one.store = store_of(one.generated.store);
        all.emplace(seed, std::move(one));
      }
    }
    add_lab_chains(all);
    return all;
  }();
  return made;
}

struct PeerAnswer {
  bool pass = false;
  std::string error;
};
using PeerAnswers = std::map<std::uint64_t, PeerAnswer>;

std::string json_questions() {
  std::string lines;
  for (const auto& [seed, one] : cases()) {
    nlohmann::json question = {{"id", seed},
                               {"name", one.generated.name},
                               {"at", one.generated.at.time_since_epoch().count()},
                               {"chain", nlohmann::json::array()},
                               {"roots", nlohmann::json::array()}};
    for (const Bytes& der : one.generated.sent) {
      question["chain"].push_back(base64(der));
    }
    for (const Bytes& der : one.generated.store) {
      question["roots"].push_back(base64(der));
    }
    lines += question.dump() + "\n";
  }
  return lines;
}

std::string plain_questions() {
  std::string lines;
  for (const auto& [seed, one] : cases()) {
    lines += fmt::format("{} {} {}", seed, one.generated.name,
                         one.generated.at.time_since_epoch().count());
    for (const Bytes& der : one.generated.sent) {
      lines += " c:" + base64(der);
    }
    for (const Bytes& der : one.generated.store) {
      lines += " r:" + base64(der);
    }
    lines += "\n";
  }
  return lines;
}

PeerAnswers json_answers(const std::string& out) {
  PeerAnswers answers;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    const auto answer = nlohmann::json::parse(line, nullptr, false);
    if (answer.is_object()) {
      answers[answer["id"].get<std::uint64_t>()] = {.pass = answer["pass"].get<bool>(),
                                                    .error = answer["error"].get<std::string>()};
    }
  }
  return answers;
}

PeerAnswers plain_answers(const std::string& out) {
  PeerAnswers answers;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::uint64_t seed = 0;
    std::string verdict;
    std::string error;
    words >> seed >> verdict;
    std::getline(words, error);
    answers[seed] = {.pass = verdict == "pass", .error = error};
  }
  return answers;
}

// Runs a command of the peer; none (and the test is skipped) when it cannot be had here.
std::optional<ProcessOutcome> peer_run(std::vector<std::string> argv, std::string input,
                                       const std::filesystem::path& directory) {
  auto outcome = run_process({.argv = std::move(argv),
                              .environment = std::nullopt,
                              .directory = directory,
                              .input = std::move(input),
                              .deadline = std::chrono::minutes(4),
                              .max_output_bytes = std::size_t{64} << 20U});
  if (!outcome || outcome->exit_status != 0) {
    if (outcome) {
      fmt::print("peer: exit status {}: {}\n", outcome->exit_status, outcome->err);
    }
    return std::nullopt;
  }
  return *std::move(outcome);
}

struct Divergence {
  std::string profile;
  std::string change;
  std::string ours;
  std::string because;
  bool seen = false;
};

std::vector<Divergence> divergences(const std::string& profile) {
  const std::string path = std::string(MEDIC_SOURCE_DIR) + "/tests/verify/divergences.toml";
  const auto text = read_text_file(path);
  const auto table = parse_toml(*text, path);
  std::vector<Divergence> all;
  for (const TomlTable* entry : (*table)->tables("divergence")) {
    Divergence divergence{.profile = entry->string("profile"),
                          .change = entry->string("change"),
                          .ours = entry->string("ours"),
                          .because = entry->string("because")};
    if (divergence.profile == profile) {
      all.push_back(std::move(divergence));
    }
  }
  EXPECT_EQ((*table)->problems(), std::vector<std::string>());
  return all;
}

void compare(const std::string& profile_id, const Cases& all, const PeerAnswers& answers) {
  const profiles::Profile* profile = profiles::find_profile(profile_id);
  ASSERT_NE(profile, nullptr);
  ASSERT_EQ(answers.size(), all.size()) << "the peer must answer every question";
  std::vector<Divergence> known = divergences(profile_id);
  std::size_t passed = 0;
  std::size_t excused = 0;
  int reported = 0;
  for (const auto& [seed, one] : all) {
    const Question question{.chain = one.chain,
                            .name = one.generated.name,
                            .at = one.generated.at,
                            .profile = profile,
                            .anchors = one.store.get(),
                            // Stapling is the connection's business, which peers do not have: there
                            // is one, and it says nothing.
                            .ocsp_staple = {0x30, 0x00}};
    const Verdict ours = judge(question);
    const PeerAnswer& theirs = answers.at(seed);
    passed += theirs.pass ? 1U : 0U;
    if (ours.pass == theirs.pass) {
      continue;
    }
    bool listed = false;
    for (Divergence& divergence : known) {
      if (divergence.ours == (ours.pass ? "pass" : "fail") &&
          one.generated.recipe.find(divergence.change) != std::string::npos) {
        divergence.seen = true;
        listed = true;
      }
    }
    excused += listed ? 1U : 0U;
    if (!listed && ++reported <= 25) {
      ADD_FAILURE() << profile_id << " seed " << seed << ": " << one.generated.recipe << " name "
                    << one.generated.name
                    << "\n  ours:   " << (ours.pass ? "pass" : fault_list(ours))
                    << "\n  theirs: " << (theirs.pass ? "pass" : theirs.error);
    }
  }
  for (const Divergence& divergence : known) {
    EXPECT_TRUE(divergence.seen) << "no longer differs: " << profile_id << " " << divergence.change
                                 << " ours " << divergence.ours;
  }
  EXPECT_GT(passed, all.size() / 10);
  fmt::print("{}: {} chains, {} accepted, {} listed divergences met {} times, {} others\n",
             profile_id, all.size(), passed, known.size(), excused, reported);
}

TEST(Peers, GoAgreesOnGeneratedChains) {
  const auto directory = TemporaryDirectory::make();
  const std::string program = (directory->path() / "peer").string();
  if (!peer_run({"go", "build", "-o", program, "."}, "", peers() + "/go")) {
    GTEST_SKIP() << "SKIPPED: no Go here";
  }
  const auto outcome = peer_run({program}, json_questions(), directory->path());
  ASSERT_TRUE(outcome.has_value());
  compare("go", cases(), json_answers(outcome->out));
}

struct NodeRun {
  int version = 0;
  Cases asked;  // those with a handshake, which is where Node has a verdict
  PeerAnswers answers;
};

// Node has no verifier that takes a chain and a time, so it is asked about the lab's servers, now.
std::optional<NodeRun> node_run(const lab::Lab& lab, Time now) {
  NodeRun run;
  std::string questions;
  std::uint64_t number = 0;
  Cases all;
  for (const lab::Site& site : lab.sites()) {
    const lab::TlsPlan* const plan = lab.plan(site.id);
    // What is shown must be what `shown` says.
    const bool other_shown =
        plan != nullptr && (plan->alternate || plan->sni == lab::SniRule::OtherForAnyName);
    if (plan == nullptr || other_shown || site.slow || !site.starttls.empty() ||
        !site.proxy_url.empty()) {
      continue;
    }
    Case one{.generated = {.sent = plan->shown.chain, .store = {}, .name = site.host, .at = now}};
    one.generated.recipe = "lab:" + site.id;
    for (const x509::CertificatePtr& root :
         x509::read_certificates(as_bytes(site.ca_pem)).certificates) {
      one.generated.store.push_back(root->der);
    }
    auto chain = parsed_chain(one.generated.sent);
    if (!chain) {
      continue;
    }
    one.chain = *std::move(chain);
    one.store = store_of(one.generated.store);
    const nlohmann::json question = {{"id", ++number},
                                     {"address", site.address},
                                     {"port", site.port},
                                     {"name", site.host},
                                     {"ca", site.ca_pem}};
    questions += question.dump() + "\n";
    all.emplace(number, std::move(one));
  }
  const auto outcome = peer_run({"node", peers() + "/node/peer.js"}, questions, peers() + "/node");
  if (!outcome) {
    return std::nullopt;
  }
  std::istringstream lines(outcome->out);
  for (std::string line; std::getline(lines, line);) {
    const auto answer = nlohmann::json::parse(line, nullptr, false);
    if (answer.contains("version")) {
      run.version = answer["version"].get<int>();
    } else if (answer.value("handshake", false)) {
      const auto id = answer["id"].get<std::uint64_t>();
      run.answers[id] = {.pass = answer["pass"].get<bool>(),
                         .error = answer["error"].get<std::string>()};
      run.asked.emplace(id, all.at(id));
    }
  }
  return run;
}

TEST(Peers, NodeAgreesOnTheLab) {
  const Time now = SystemClock().now();
  const auto lab = lab::start_lab({}, now);
  ASSERT_TRUE(lab);
  const auto run = node_run(**lab, now);
  if (!run) {
    GTEST_SKIP() << "SKIPPED: no Node here";
  }
  const std::string profile = fmt::format("node-{}", run->version);
  if (profiles::find_profile(profile) == nullptr) {
    GTEST_SKIP() << "SKIPPED: no profile for Node " << run->version;
  }
  EXPECT_GT(run->asked.size(), 60U) << "most servers of the lab finish a handshake with Node";
  compare(profile, run->asked, run->answers);
}

TEST(Peers, JavaAgreesOnGeneratedChains) {
  const auto directory = TemporaryDirectory::make();
  const std::string exports = "java.base/sun.security.util=ALL-UNNAMED";
  if (!peer_run({"javac", "--add-exports", exports, "-d", directory->path().string(),
                 peers() + "/java/Peer.java"},
                "", directory->path())) {
    GTEST_SKIP() << "SKIPPED: no Java compiler here";
  }
  const auto outcome =
      peer_run({"java", "--add-exports", exports, "-cp", directory->path().string(), "Peer"},
               plain_questions(), directory->path());
  ASSERT_TRUE(outcome.has_value());
  compare("java-17", cases(), plain_answers(outcome->out));
}

TEST(Peers, GnutlsAgreesOnGeneratedChains) {
  const auto directory = TemporaryDirectory::make();
  const std::string program = (directory->path() / "peer").string();
  if (!peer_run({"cc", "-o", program, peers() + "/gnutls/peer.c", "-lgnutls"}, "",
                directory->path())) {
    GTEST_SKIP() << "SKIPPED: no GnuTLS development files here";
  }
  const auto outcome = peer_run({program}, plain_questions(), directory->path());
  ASSERT_TRUE(outcome.has_value());
  compare("gnutls", cases(), plain_answers(outcome->out));
}

}  // namespace
}  // namespace medic::verify
