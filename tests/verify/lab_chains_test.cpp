#include "tests/verify/lab_chains.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/verify/world.h"
#include "x509/container.h"

namespace medic::verify {
namespace {

TEST(LabChains, EveryChainGetsOpensslsVerdictUnderEveryOpensslProfile) {
  ASSERT_GT(lab_chains().size(), 40U);
  std::size_t compared = 0;
  std::size_t refused = 0;
  for (const LabChain& lab : lab_chains()) {
    std::vector<trust::Anchor> anchors;
    for (x509::CertificatePtr& root : x509::read_certificates(as_bytes(lab.ca_pem)).certificates) {
      anchors.push_back({.certificate = std::move(root), .source = "lab"});
    }
    const auto store = trust::make_anchor_set("lab", "lab", std::move(anchors));
    const auto chain = parsed_chain(lab.sent);
    ASSERT_TRUE(chain.has_value()) << lab.fault;
    for (const profiles::Profile& profile : profiles::all_profiles()) {
      SCOPED_TRACE(fmt::format("{} for {}", lab.fault, profile.id));
      const Question question{.chain = *chain,
                              .name = lab.host,
                              .at = lab.at,
                              .profile = &profile,
                              .anchors = store.get()};
      const Verdict verdict = judge(question);
      const Agreement same = agreement(question, verdict);
      EXPECT_TRUE(same.agree) << same.difference;
      EXPECT_EQ(same.compared, profile.engine == profiles::Engine::OpenSsl);
      compared += same.compared ? 1U : 0U;
      refused += verdict.pass ? 0U : 1U;
    }
  }
  fmt::print("{} lab chains, {} verdicts compared with OpenSSL, {} verdicts of all are refusals\n",
             lab_chains().size(), compared, refused);
  EXPECT_GT(refused, 100U);
}

}  // namespace
}  // namespace medic::verify
