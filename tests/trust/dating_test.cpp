#include "trust/dating.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/files.h"
#include "trust/store.h"
#include "x509/certificate.h"

namespace medic::trust {
namespace {

std::vector<Anchor> embedded() {
  return mozilla_anchors()->all();
}

// A certificate in no public list.
Anchor local_anchor() {
  const auto bytes = read_file(MEDIC_SOURCE_DIR "/tests/trust/data/key.jks");
  EXPECT_TRUE(bytes.has_value());
  const Store store = read_store(*bytes, "key.jks");
  return store.untrusted.at(0);
}

bool names(const std::vector<PublicRoot>& roots, std::string_view name) {
  return std::any_of(roots.begin(), roots.end(),
                     [&](const PublicRoot& one) { return one.name == name; });
}

std::vector<Anchor> without(std::vector<Anchor> anchors, std::string_view name) {
  std::erase_if(anchors,
                [&](const Anchor& one) { return one.certificate->subject.display() == name; });
  return anchors;
}

TEST(Dating, ItsTablesAreWhole) {
  EXPECT_EQ(dating_table_problems(), std::vector<std::string>{});
}

TEST(Dating, TheBundleOfACaPackageIsNearOneEdition) {
  const Dating dating = date_anchors(embedded());
  EXPECT_GT(dating.public_roots, 100U);
  EXPECT_EQ(dating.public_roots, embedded().size());
  EXPECT_TRUE(dating.local.empty());
  EXPECT_FALSE(dating.replaced());
  EXPECT_TRUE(dating.match == Dating::Match::Near || dating.match == Dating::Match::Exact)
      << match_id(dating.match);
  EXPECT_GE(dating.edition, "2022-05-18");
  EXPECT_LE(dating.not_before, dating.edition);
  EXPECT_FALSE(names(dating.lacks, "ISRG Root X1"));
  EXPECT_FALSE(names(dating.expired, "DST Root CA X3"));
}

TEST(Dating, AMissingRootIsNamedOnlyWhenItMatters) {
  const Dating dating = date_anchors(without(embedded(), "ISRG Root X1"));
  ASSERT_TRUE(names(dating.lacks, "ISRG Root X1"));
  const Dating whole = date_anchors(embedded());
  EXPECT_EQ(dating.lacks.size(), whole.lacks.size() + 1);
  EXPECT_EQ(dating.missing, whole.missing + 1);
}

TEST(Dating, ALocalCaAddedToABundleIsToldFromOneThatReplacedIt) {
  std::vector<Anchor> extended = embedded();
  extended.push_back(local_anchor());
  const Dating added = date_anchors(extended);
  EXPECT_EQ(added.local, std::vector<std::size_t>{extended.size() - 1});
  EXPECT_FALSE(added.replaced());

  const std::vector<Anchor> alone = {local_anchor()};
  const Dating replaced = date_anchors(alone);
  EXPECT_EQ(replaced.match, Dating::Match::None);
  EXPECT_TRUE(replaced.replaced());
  EXPECT_TRUE(replaced.edition.empty());

  std::vector<Anchor> few = embedded();
  few.resize(10);
  EXPECT_EQ(date_anchors(few).match, Dating::Match::Partial);
  EXPECT_FALSE(date_anchors(few).replaced()) << "a short list without a local CA is a choice";
}

TEST(Dating, ACertificateTwiceIsCountedOnce) {
  std::vector<Anchor> twice = embedded();
  const std::vector<Anchor> again = embedded();
  twice.insert(twice.end(), again.begin(), again.end());
  EXPECT_EQ(date_anchors(twice).public_roots, embedded().size());
}

TEST(Dating, NothingIsDatedByNothing) {
  const Dating dating = date_anchors({});
  EXPECT_EQ(dating.match, Dating::Match::None);
  EXPECT_FALSE(dating.replaced());
}

}  // namespace
}  // namespace medic::trust
