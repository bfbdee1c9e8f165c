// Our engine against OpenSSL's over generated chains: verdict, first error, and the whole sequence
// of errors with their depths.

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <cstdlib>
#include <map>

#include "tests/verify/chain_generator.h"
#include "tests/verify/world.h"
#include "verify/inputs.h"
#include "verify/openssl_engine.h"
#include "verify/openssl_reference.h"

namespace medic::verify {
namespace {

// MEDIC_CHAINS=100000 looks further; MEDIC_SEED=n repeats one.
std::uint64_t number_from_environment(const char* name, std::uint64_t fallback) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): tests of this program run on one thread
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

// One profile for each set of rules.
std::vector<const profiles::Profile*> openssl_profiles() {
  std::vector<const profiles::Profile*> distinct;
  for (const profiles::Profile& profile : profiles::all_profiles()) {
    const bool known = std::any_of(distinct.begin(), distinct.end(), [&](const auto* other) {
      return other->verify == profile.verify;
    });
    if (profile.engine == profiles::Engine::OpenSsl && !known) {
      distinct.push_back(&profile);
    }
  }
  return distinct;
}

std::string sequence(const std::vector<std::pair<int, int>>& errors) {
  std::string text;
  for (const auto& [error, depth] : errors) {
    text += fmt::format(" {}@{}", error, depth);
  }
  return text;
}

// Ours, without the name check that the client makes after OpenSSL is done.
std::vector<std::pair<int, int>> our_errors(const Question& question,
                                            const profiles::Profile& profile) {
  SignatureCache& cache = *question.cache;
  StoreView store(question.anchors, cache);
  Inputs inputs{.question = &question, .profile = &profile, .cache = &cache, .store = &store};
  inputs.at = question.at.time_since_epoch().count();
  for (const x509::CertificatePtr& certificate : question.chain) {
    inputs.sent.push_back(&cache.facts(certificate));
  }
  const bool inside = profile.verify.host_rules == profiles::HostRules::OpenSsl ||
                      profile.verify.host_rules == profiles::HostRules::OpenSslPartialWildcards;
  std::vector<std::pair<int, int>> errors;
  FoundPath path = openssl_path(inputs);
  if (path.aborted) {
    path.faults.pop_back();
  }
  for (const Found& found : path.faults) {
    const bool name_error = found.openssl_error == X509_V_ERR_HOSTNAME_MISMATCH ||
                            found.openssl_error == X509_V_ERR_IP_ADDRESS_MISMATCH;
    if (inside || !name_error) {
      errors.emplace_back(found.openssl_error, found.depth);
    }
  }
  return errors;
}

TEST(OpensslDifferential, GeneratedChainsGetTheSameVerdictAndTheSameErrorsInTheSameOrder) {
  const std::uint64_t only = number_from_environment("MEDIC_SEED", 0);
  const std::uint64_t first = only != 0 ? only : 1;
  const std::uint64_t count = only != 0 ? 1 : number_from_environment("MEDIC_CHAINS", 10000);
  const auto profiles = openssl_profiles();
  ASSERT_GE(profiles.size(), 6U);
  std::uint64_t passed = 0;
  std::uint64_t failed = 0;
  std::uint64_t unreadable = 0;
  std::map<int, int> first_errors;
  int reported = 0;
  for (std::uint64_t seed = first; seed < first + count && reported < 20; ++seed) {
    const GeneratedChain generated = generated_chain(seed);
    const auto chain = parsed_chain(generated.sent);
    const auto store = store_of(generated.store);
    SignatureCache cache;
    Question question{
        .name = generated.name, .at = generated.at, .anchors = store.get(), .cache = &cache};
    if (!chain) {
      ++unreadable;
      continue;
    }
    question.chain = *chain;
    const OpensslReference reference(question);
    for (const profiles::Profile* profile : profiles) {
      question.profile = profile;
      const ReferenceVerdict theirs = reference.verdict(*profile);
      if (theirs.unreadable) {
        ++unreadable;
        break;
      }
      const Verdict ours = judge(question);
      (theirs.pass ? passed : failed) += 1;
      ++first_errors[theirs.error];
      const int error = ours.faults.empty() ? 0 : ours.faults.front().openssl_error;
      const std::string left = sequence(our_errors(question, *profile));
      const std::string right = sequence(reference.errors(*profile));
      if (ours.pass != theirs.pass || error != theirs.error || left != right) {
        ++reported;
        ADD_FAILURE() << "MEDIC_SEED=" << seed << " " << generated.recipe << " name "
                      << generated.name << " profile " << profile->id
                      << "\n  ours:   " << (ours.pass ? "pass" : "fail") << " " << error << " |"
                      << left << "\n  theirs: " << (theirs.pass ? "pass" : "fail") << " "
                      << theirs.error << "@" << theirs.depth << " |" << right;
        break;
      }
    }
  }
  fmt::print("{} verdicts pass, {} fail, {} chains not readable, {} different first errors\n",
             passed, failed, unreadable, first_errors.size());
  if (only == 0 && count >= 10000) {
    EXPECT_GT(passed, 10000U) << "a generator that breaks everything compares nothing";
    EXPECT_GT(failed, 10000U);
    EXPECT_GT(first_errors.size(), 25U) << "every important error must be met";
  }
}

}  // namespace
}  // namespace medic::verify
