#include "trust/merged_bundle.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/files.h"
#include "base/subprocess.h"
#include "lab/certificate_maker.h"
#include "trust/distrust.h"
#include "trust/store.h"
#include "x509/container.h"

namespace medic::trust {
namespace {

const Time kAt = *parse_time("2027-03-01T12:00:00Z");

Anchor made_root(std::string_view name, std::size_t key, Time not_after = {}) {
  lab::Recipe recipe = lab::root_recipe(name, kAt);
  if (not_after != Time{}) {
    recipe.not_after = not_after;
  }
  const lab::Identity root =
      lab::make_self_signed(recipe, lab::shared_keys().key(lab::KeyKind::P256, key));
  return {.certificate = *x509::parse_certificate(root.der), .source = "made"};
}

MergedRoots some_roots() {
  std::vector<Anchor> mozilla = mozilla_anchors()->all();
  mozilla.resize(5);
  std::vector<Anchor> system(mozilla.begin(), mozilla.begin() + 2);
  system.push_back(made_root("Corp \"Root\"\n한국", 1));
  system.push_back(made_root("Corp \"Root\"\n한국", 2));  // one name, two keys: one hash
  const RootSource sources[] = {{.label = "Mozilla", .anchors = mozilla},
                                {.label = "system", .anchors = system}};
  return merged_roots(sources, kAt);
}

std::set<Sha256> fingerprints(const Store& store) {
  std::set<Sha256> all;
  for (const Anchor& anchor : store.anchors) {
    all.insert(anchor.certificate->fingerprint);
  }
  return all;
}

std::set<Sha256> fingerprints(const MergedRoots& merged) {
  std::set<Sha256> all;
  for (const MergedRoot& root : merged.roots) {
    all.insert(root.certificate->fingerprint);
  }
  return all;
}

TEST(MergedBundle, HoldsEveryRootOnceAndSaysWhereItCameFrom) {
  const MergedRoots merged = some_roots();
  ASSERT_EQ(merged.roots.size(), 7U);
  EXPECT_EQ(merged.roots[0].sources, (std::vector<std::string>{"Mozilla", "system"}));
  EXPECT_EQ(merged.roots[4].sources, (std::vector<std::string>{"Mozilla"}));
  EXPECT_EQ(merged.roots[5].sources, (std::vector<std::string>{"system"}));
  EXPECT_TRUE(merged.left_out.empty());
}

TEST(MergedBundle, WhatWasWithdrawnDoesNotComeBackThroughTheSystem) {
  const std::vector<DistrustedRoot> removed = *all_distrusted_roots();
  const auto gone = std::ranges::find_if(removed, [](const DistrustedRoot& root) {
    return !mozilla_anchors()->contains(root.certificate->fingerprint);
  });
  ASSERT_NE(gone, removed.end());
  const RootSource sources[] = {
      {.label = "Mozilla", .anchors = {mozilla_anchors()->all().front()}},
      {.label = "system",
       .anchors = {{.certificate = gone->certificate, .source = "old"},
                   made_root("Old Corp Root", 1, kAt - std::chrono::hours(24)),
                   made_root("Corp Root", 2)}}};
  const MergedRoots merged = merged_roots(sources, kAt);
  ASSERT_EQ(merged.left_out.size(), 2U);
  EXPECT_NE(merged.left_out[0].reason, "expired");
  EXPECT_EQ(merged.left_out[1].reason, "expired");
  EXPECT_EQ(merged.roots.size(), 2U);
}

TEST(MergedBundle, EveryFormatIsReadBackWithTheSameRoots) {
  const MergedRoots merged = some_roots();
  const std::string pem = commented_pem(merged, "a title\n-----BEGIN CERTIFICATE-----");
  const Store from_pem = read_store(as_bytes(pem), "x.pem");
  EXPECT_EQ(fingerprints(from_pem), fingerprints(merged));
  EXPECT_TRUE(from_pem.problems.empty());

  const Bytes jks = jks_of(merged, "changeit", kAt);
  const Store from_jks = read_store(jks, "x.jks");
  EXPECT_EQ(from_jks.format, "jks");
  EXPECT_EQ(fingerprints(from_jks), fingerprints(merged));
  EXPECT_TRUE(from_jks.problems.empty()) << from_jks.problems.front().id;
  EXPECT_TRUE(read_store(jks_of(merged, "another one", kAt), "x.jks").has("keystore-digest"));

  const Result<Bytes> p12 = pkcs12_of(merged, "changeit");
  ASSERT_TRUE(p12.has_value());
  const Store from_p12 = read_store(*p12, "x.p12");
  EXPECT_EQ(fingerprints(from_p12), fingerprints(merged));
  EXPECT_TRUE(from_p12.problems.empty()) << from_p12.problems.front().id;
}

TEST(MergedBundle, AHashedDirectoryIsOneOpensslReads) {
  const MergedRoots merged = some_roots();
  const TemporaryDirectory directory = *TemporaryDirectory::make();
  std::set<std::string> names;
  for (const HashedFile& file : hashed_files(merged)) {
    EXPECT_TRUE(names.insert(file.name).second) << file.name;
    ASSERT_TRUE(write_file(directory.path() / file.name, file.pem));
  }
  const auto store = read_anchors(directory.path().string());
  ASSERT_TRUE(store.has_value());
  EXPECT_TRUE((*store)->problems().empty());
  for (const MergedRoot& root : merged.roots) {
    EXPECT_TRUE((*store)->holds(*root.certificate));
  }
}

TEST(MergedBundle, JavaTakesBothKeystores) {
  const MergedRoots merged = some_roots();
  const TemporaryDirectory directory = *TemporaryDirectory::make();
  const std::string jks = (directory.path() / "x.jks").string();
  const std::string p12 = (directory.path() / "x.p12").string();
  ASSERT_TRUE(write_file(jks, as_text(jks_of(merged, "changeit", kAt))));
  ASSERT_TRUE(write_file(p12, as_text(*pkcs12_of(merged, "changeit"))));
  for (const std::string& file : {jks, p12}) {
    SCOPED_TRACE(file);
    const auto listed =
        run_process({.argv = {"keytool", "-list", "-keystore", file, "-storepass", "changeit"}});
    if (!listed) {
      GTEST_SKIP() << "keytool is not installed";
    }
    EXPECT_NE(listed->out.find("contains 7 entries"), std::string::npos) << listed->out;
    std::size_t trusted = 0;
    for (std::size_t at = 0; (at = listed->out.find("trustedCertEntry", at)) != std::string::npos;
         ++at) {
      ++trusted;
    }
    EXPECT_EQ(trusted, 7U);
  }
}

}  // namespace
}  // namespace medic::trust
