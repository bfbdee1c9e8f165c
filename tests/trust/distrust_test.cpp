// The table of removed roots: every certificate has its decision, and what it says of a root that
// the dated bundles hold.

#include "trust/distrust.h"

#include <gtest/gtest.h>

#include <set>

namespace medic::trust {
namespace {

TEST(Distrust, EveryRootHasItsDecisionAndStandsOnce) {
  const auto roots = all_distrusted_roots();
  ASSERT_TRUE(roots.has_value()) << roots.error().what;
  EXPECT_EQ(roots->size(), 40U);
  std::set<Sha256> seen;
  for (const DistrustedRoot& root : *roots) {
    EXPECT_TRUE(seen.insert(root.certificate->fingerprint).second) << root.owner;
    EXPECT_TRUE(root.certificate->self_issued()) << root.owner;
    EXPECT_FALSE(root.programmes.empty());
    EXPECT_FALSE(root.since.empty());
  }
}

TEST(Distrust, RootsAreFoundBySubject) {
  const auto roots = all_distrusted_roots();
  ASSERT_TRUE(roots.has_value());
  for (const DistrustedRoot& root : *roots) {
    const auto found = distrusted_roots(root.certificate->subject.canonical);
    EXPECT_FALSE(found.empty()) << root.certificate->subject.display();
  }
  EXPECT_TRUE(distrusted_roots(Bytes{0x30, 0x00}).empty());
}

TEST(Distrust, OnlyDecisionsThatLeaveOlderCertificatesAloneHaveADate) {
  const auto roots = all_distrusted_roots();
  ASSERT_TRUE(roots.has_value());
  for (const DistrustedRoot& root : *roots) {
    const bool by_date =
        root.owner == "Entrust and AffirmTrust" || root.owner == "Chunghwa Telecom and NetLock";
    EXPECT_EQ(root.issued_after.has_value(), by_date) << root.owner;
  }
}

}  // namespace
}  // namespace medic::trust
