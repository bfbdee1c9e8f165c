#include "trust/anchors.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/x509.h>

#include <filesystem>

#include "base/files.h"
#include "x509/container.h"

namespace medic::trust {
namespace {

namespace fs = std::filesystem;

// The embedded roots are real certificates that every build has.
std::vector<x509::CertificatePtr> some_roots(std::size_t count) {
  std::vector<x509::CertificatePtr> roots;
  for (const Anchor& anchor : mozilla_anchors()->all()) {
    if (roots.size() < count) {
      roots.push_back(anchor.certificate);
    }
  }
  return roots;
}

std::string bundle_of(const std::vector<x509::CertificatePtr>& roots) {
  std::string text;
  for (const auto& root : roots) {
    text += "# " + root->subject.display() + "\n" + x509::pem(*root) + "\n";
  }
  return text;
}

class AnchorFiles : public testing::Test {
 protected:
  AnchorFiles() : directory_(*TemporaryDirectory::make()) {}

  [[nodiscard]] std::string path(const std::string& name) const {
    return (directory_.path() / name).string();
  }
  std::string write(const std::string& name, std::string_view text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    EXPECT_TRUE(write_file(path(name), text).has_value());
    return path(name);
  }

 private:
  TemporaryDirectory directory_;
};

// Whatever the kind of store, these must hold for the certificates in it.
void expect_store_of(const AnchorSet& store, const std::vector<x509::CertificatePtr>& roots) {
  EXPECT_EQ(store.size(), roots.size());
  EXPECT_EQ(store.all().size(), roots.size());
  for (const auto& root : roots) {
    SCOPED_TRACE(root->subject.text());
    bool found = false;
    for (const Anchor& anchor : store.by_subject(root->subject.canonical)) {
      EXPECT_EQ(anchor.certificate->subject.canonical, root->subject.canonical);
      EXPECT_FALSE(anchor.source.empty());
      found = found || anchor.certificate->fingerprint == root->fingerprint;
    }
    EXPECT_TRUE(found);
    EXPECT_TRUE(store.contains(root->fingerprint));
    EXPECT_TRUE(store.holds(*root));
  }
  EXPECT_TRUE(store.by_subject({}).empty());
  EXPECT_TRUE(store.by_subject({1, 2, 3}).empty());
  EXPECT_FALSE(store.contains(Sha256{}));
}

TEST(MozillaAnchors, AreTheRootsOfTheCaPackage) {
  const AnchorSetPtr store = mozilla_anchors();
  EXPECT_GT(store->size(), 100U);
  expect_store_of(*store, some_roots(1000));
  EXPECT_TRUE(store->problems().empty());
  EXPECT_NE(store->description().find("Mozilla"), std::string::npos) << store->description();
  std::size_t files = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/share/ca-certificates/mozilla", error)) {
    files += entry.path().extension() == ".crt" ? 1U : 0U;
  }
  if (files != 0) {
    EXPECT_EQ(store->size(), files);
  }
}

TEST_F(AnchorFiles, ABundleHoldsWhatItsBlocksHold) {
  const auto roots = some_roots(40);
  const auto store = read_anchors(write("bundle.pem", bundle_of(roots)));
  ASSERT_TRUE(store.has_value());
  expect_store_of(**store, roots);
  EXPECT_TRUE((*store)->problems().empty());
  EXPECT_EQ((*store)->id(), "file:" + path("bundle.pem"));
  EXPECT_EQ((*store)->all().front().place, "line 2");
}

TEST_F(AnchorFiles, AnchorsOfOneSubjectComeInTheOrderOfTheStore) {
  const auto roots = some_roots(2);
  const std::vector<Anchor> listed = {{.certificate = roots[1], .source = "first"},
                                      {.certificate = roots[0], .source = "other"},
                                      {.certificate = roots[1], .source = "second"}};
  const AnchorSetPtr store = make_anchor_set("pool", "three", listed);
  const auto found = store->by_subject(roots[1]->subject.canonical);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].source, "first");
  EXPECT_EQ(found[1].source, "second");
  ASSERT_EQ(store->problems().size(), 1U) << "the repetition is named";
  EXPECT_NE(store->problems()[0].find("first"), std::string::npos);
}

TEST_F(AnchorFiles, ABrokenBlockIsNamedByItsLineAndTheOthersAreRead) {
  const auto roots = some_roots(4);
  std::string cut = x509::pem(*roots[1]);
  cut.resize(cut.size() / 2);
  std::string garbled = x509::pem(*roots[2]);
  garbled[200] = '!';
  const std::string text = x509::pem(*roots[0]) + cut + "\n" + garbled + x509::pem(*roots[3]);
  const auto store = read_anchors(write("bundle.pem", text));
  ASSERT_TRUE(store.has_value());
  EXPECT_TRUE((*store)->holds(*roots[0]));
  EXPECT_FALSE((*store)->holds(*roots[1]));
  EXPECT_FALSE((*store)->holds(*roots[2]));
  EXPECT_TRUE((*store)->holds(*roots[3]));
  const auto& problems = (*store)->problems();
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_NE(problems[0].find("no END line"), std::string::npos) << problems[0];
  EXPECT_NE(problems[1].find("not base64"), std::string::npos) << problems[1];
}

TEST_F(AnchorFiles, DerAndPkcs7FilesAreStoresToo) {
  const auto roots = some_roots(1);
  const auto store = read_anchors(write("root.der", as_text(roots[0]->der)));
  ASSERT_TRUE(store.has_value());
  expect_store_of(**store, roots);
}

std::string hash_link(const x509::Certificate& certificate, int number) {
  const unsigned char* at = certificate.der.data();
  X509* const theirs = d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size()));
  int ok = 0;
  const unsigned long hash =
      X509_NAME_hash_ex(X509_get_subject_name(theirs), nullptr, nullptr, &ok);
  X509_free(theirs);
  EXPECT_EQ(ok, 1);
  return fmt::format("{:08x}.{}", hash, number);
}

TEST_F(AnchorFiles, AHashedDirectoryIsReadByOpensslsNames) {
  const auto roots = some_roots(20);
  for (const auto& root : roots) {  // two of them have the same subject
    const bool taken = fs::exists(path("certs/" + hash_link(*root, 0)));
    write("certs/" + hash_link(*root, taken ? 1 : 0), x509::pem(*root));
  }
  write("certs/ca-certificates.crt", bundle_of(some_roots(60)));
  const auto store = read_anchors(path("certs"));
  ASSERT_TRUE(store.has_value());
  expect_store_of(**store, roots);  // the bundle beside the links does not count
  EXPECT_TRUE((*store)->problems().empty());
}

TEST_F(AnchorFiles, AHashLinkWithTheWrongNameIsNamed) {
  const auto roots = some_roots(2);
  write("certs/" + hash_link(*roots[0], 0), x509::pem(*roots[0]));
  write("certs/00000000.0", x509::pem(*roots[1]));
  const auto store = read_anchors(path("certs"));
  ASSERT_TRUE(store.has_value());
  EXPECT_FALSE((*store)->holds(*roots[1])) << "OpenSSL would not find it either";
  ASSERT_EQ((*store)->problems().size(), 1U);
  EXPECT_NE((*store)->problems()[0].find("00000000.0"), std::string::npos);
}

TEST_F(AnchorFiles, APlainDirectoryIsReadWhole) {
  const auto roots = some_roots(3);
  write("plain/a.pem", x509::pem(*roots[0]));
  write("plain/b.crt", x509::pem(*roots[1]) + x509::pem(*roots[2]));
  write("plain/README", "no certificate");
  write("plain/broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
  const auto store = read_anchors(path("plain"));
  ASSERT_TRUE(store.has_value());
  expect_store_of(**store, roots);
  ASSERT_EQ((*store)->problems().size(), 1U) << "the README is no problem, the cut block is";
}

TEST_F(AnchorFiles, TheSystemStoreIsTheFirstBundleThatExists) {
  struct StoreCase {
    std::string_view file;
    std::string_view why;
  };
  for (const StoreCase& c : {StoreCase{"/etc/ssl/certs/ca-certificates.crt", "Debian"},
                             StoreCase{"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "RHEL"},
                             StoreCase{"/etc/ssl/ca-bundle.pem", "SUSE"},
                             StoreCase{"/etc/ssl/cert.pem", "Alpine, OpenBSD, macOS"}}) {
    SCOPED_TRACE(c.why);
    const std::string root = std::string("system-") + std::string(c.why.substr(0, 4));
    write(root + std::string(c.file), bundle_of(some_roots(3)));
    const auto store = system_anchors(path(root));
    ASSERT_TRUE(store.has_value()) << store.error().what;
    EXPECT_EQ((*store)->id(), "system");
    EXPECT_EQ((*store)->size(), 3U);
    EXPECT_NE((*store)->description().find(c.file), std::string::npos);
  }
}

TEST_F(AnchorFiles, ASystemWithOnlyAHashedDirectoryHasThat) {
  const auto roots = some_roots(2);
  for (const auto& root : roots) {
    write("bare/etc/ssl/certs/" + hash_link(*root, 0), x509::pem(*root));
  }
  const auto store = system_anchors(path("bare"));
  ASSERT_TRUE(store.has_value()) << store.error().what;
  expect_store_of(**store, roots);
}

TEST_F(AnchorFiles, AnAbsentSystemStoreSaysWhereItWasLookedFor) {
  const auto store = system_anchors(path("nothing"));
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().kind, ErrorKind::Io);
  EXPECT_NE(store.error().what.find("/etc/ssl/certs/ca-certificates.crt"), std::string::npos);
  EXPECT_FALSE(store.error().next_step.empty());
}

TEST_F(AnchorFiles, AnAbsentFileIsAnErrorAndAnEmptyOneAStoreWithAProblem) {
  EXPECT_FALSE(open_anchors(path("absent.pem")).has_value());
  const auto empty = open_anchors(write("empty.pem", ""));
  ASSERT_TRUE(empty.has_value());
  EXPECT_EQ((*empty)->size(), 0U);
  EXPECT_EQ((*empty)->problems().size(), 1U);
}

TEST_F(AnchorFiles, TimeDecidesWhichAnchorsAreProblems) {
  const auto roots = some_roots(1);
  const AnchorSetPtr store =
      make_anchor_set("one", "one", {{.certificate = roots[0], .source = "here"}});
  EXPECT_TRUE(anchor_problems(*store, roots[0]->not_after).empty());
  const auto late = anchor_problems(*store, roots[0]->not_after + std::chrono::seconds{1});
  ASSERT_EQ(late.size(), 1U);
  EXPECT_NE(late[0].find("expired on"), std::string::npos);
  const auto early = anchor_problems(*store, roots[0]->not_before - std::chrono::seconds{1});
  ASSERT_EQ(early.size(), 1U);
  EXPECT_NE(early[0].find("not valid before"), std::string::npos);
}

TEST(OpenAnchors, KnowsItsWords) {
  const auto mozilla = open_anchors("mozilla");
  ASSERT_TRUE(mozilla.has_value());
  EXPECT_EQ((*mozilla)->id(), "mozilla");
}

}  // namespace
}  // namespace medic::trust
