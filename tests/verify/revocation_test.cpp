#include "verify/revocation.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "lab/certificate_maker.h"
#include "lab/revocation_maker.h"
#include "tests/verify/world.h"
#include "verify/issuer_fetch.h"
#include "x509/container.h"

namespace medic::verify {
namespace {

using lab::Identity;
using lab::KeyKind;
using std::chrono::hours;

const Time kAt{std::chrono::seconds(1800000000)};

// Answers from a table, and notes what was asked.
class TableWorld final : public evidence::World {
 public:
  evidence::Resolution resolve(const std::string& /*host*/,
                               evidence::AddressFamily /*family*/) override {
    return {};
  }
  std::vector<std::optional<evidence::Handshake>> handshakes(
      std::span<const evidence::ProbeSpec> specs) override {
    return std::vector<std::optional<evidence::Handshake>>(specs.size());
  }
  evidence::Fetched fetch(const evidence::FetchQuestion& question) override {
    asked.push_back(question.url);
    const auto at = answers.find(question.url);
    if (at == answers.end()) {
      return {.url = question.url, .error = "connection refused"};
    }
    return {.url = question.url, .status = 200, .body = at->second};
  }

  std::map<std::string, Bytes> answers;
  std::vector<std::string> asked;
};

struct Pki {
  Identity root = lab::make_self_signed(lab::root_recipe("Lab Root", kAt),
                                        lab::shared_keys().key(KeyKind::P256, 4));
  Identity stranger = lab::make_self_signed(lab::root_recipe("Lab Root", kAt),
                                            lab::shared_keys().key(KeyKind::P256, 5));
  Identity leaf;
  x509::CertificatePtr root_certificate;
  x509::CertificatePtr leaf_certificate;

  explicit Pki(lab::Recipe recipe = lab::leaf_recipe("www.lab.test", kAt)) {
    leaf = lab::make_certificate(recipe, lab::shared_keys().key(KeyKind::P256, 0), root);
    root_certificate = *x509::parse_certificate(root.der);
    leaf_certificate = *x509::parse_certificate(leaf.der);
  }
};

lab::OcspRecipe ocsp(lab::OcspStatus status) {
  return {.status = status,
          .revoked_at = kAt - hours(48),
          .produced_at = kAt - hours(1),
          .this_update = kAt - hours(1),
          .next_update = kAt + hours(24)};
}

TEST(Ocsp, SaysWhatTheIssuerSays) {
  const Pki pki;
  struct Row {
    lab::OcspStatus made;
    OcspStatus read;
  };
  for (const Row& row : {Row{lab::OcspStatus::Good, OcspStatus::Good},
                         Row{lab::OcspStatus::Revoked, OcspStatus::Revoked},
                         Row{lab::OcspStatus::Unknown, OcspStatus::Unknown}}) {
    const Bytes response = lab::make_ocsp_response(pki.root, pki.leaf, ocsp(row.made));
    EXPECT_EQ(read_ocsp(response, *pki.leaf_certificate, *pki.root_certificate, kAt).status,
              row.read);
  }
}

TEST(Ocsp, AnAnswerThatIsOldForeignOrAboutAnotherSaysNothing) {
  const Pki pki;
  const Bytes good = lab::make_ocsp_response(pki.root, pki.leaf, ocsp(lab::OcspStatus::Good));
  EXPECT_EQ(read_ocsp(good, *pki.leaf_certificate, *pki.root_certificate, kAt + hours(48)).status,
            OcspStatus::Unverified)
      << "too old";
  const Bytes forged = lab::make_ocsp_response(pki.stranger, pki.leaf, ocsp(lab::OcspStatus::Good));
  EXPECT_EQ(read_ocsp(forged, *pki.leaf_certificate, *pki.root_certificate, kAt).status,
            OcspStatus::Unverified)
      << "signed by another key of the same name";
  EXPECT_EQ(read_ocsp(good, *pki.root_certificate, *pki.root_certificate, kAt).status,
            OcspStatus::Unverified)
      << "about the leaf, not about the root";
  EXPECT_EQ(read_ocsp(Bytes{1, 2, 3}, *pki.leaf_certificate, *pki.root_certificate, kAt).status,
            OcspStatus::Unreadable);
}

TEST(Ocsp, ARevokedStapleCountsOnlyForClientsThatReadIt) {
  const Pki pki;
  const auto store = store_of({pki.root.der});
  Question question{
      .chain = {pki.leaf_certificate}, .name = "www.lab.test", .at = kAt, .anchors = store.get()};
  question.ocsp_staple =
      lab::make_ocsp_response(pki.root, pki.leaf, ocsp(lab::OcspStatus::Revoked));
  for (const auto& [profile, faults] : std::map<std::string, std::string>{{"gnutls", "revoked@0"},
                                                                          {"firefox", "revoked@0"},
                                                                          {"chrome", "revoked@0"},
                                                                          {"curl", ""},
                                                                          {"go", ""}}) {
    question.profile = profiles::find_profile(profile);
    EXPECT_EQ(fault_list(judge(question)), faults) << profile;
  }
}

TEST(Ocsp, TheResponderIsAskedOverPlainHttpOnly) {
  lab::Recipe recipe = lab::leaf_recipe("www.lab.test", kAt);
  recipe.ocsp_urls = {"https://a.test/ocsp", "http://b.test/ocsp", "http://c.test/ocsp"};
  const Pki pki(recipe);
  TableWorld world;
  world.answers["http://c.test/ocsp"] =
      lab::make_ocsp_response(pki.root, pki.leaf, ocsp(lab::OcspStatus::Revoked));
  const OcspAnswer answer =
      fetch_ocsp(world, *pki.leaf_certificate, *pki.root_certificate, kAt, {});
  EXPECT_EQ(answer.status, OcspStatus::Revoked);
  EXPECT_EQ(answer.url, "http://c.test/ocsp");
  EXPECT_EQ(answer.revoked_at, kAt - hours(48));
  EXPECT_EQ(world.asked, (std::vector<std::string>{"http://b.test/ocsp", "http://c.test/ocsp"}));
}

struct CrlCase {
  std::string_view why;
  std::vector<Bytes> crls;
  std::string faults;
};

TEST(Crl, OurVerdictIsOpensslsWithChecksOfTheWholeChain) {
  const Pki pki;
  const lab::CrlRecipe current{.this_update = kAt - hours(1), .next_update = kAt + hours(24)};
  lab::CrlRecipe revoked = current;
  revoked.revoked = {pki.leaf.serial};
  revoked.revoked_at = kAt - hours(48);
  lab::CrlRecipe old = current;
  old.this_update = kAt - hours(48);
  old.next_update = kAt - hours(24);
  // RFC 5280: 2.5.29.28 issuingDistributionPoint, 2.5.29.27 deltaCRLIndicator.
  const auto limited = [&](const char* oid, Bytes value) {
    lab::CrlRecipe recipe = revoked;
    recipe.extra = {{.oid = oid, .critical = true, .value = std::move(value)}};
    return lab::make_crl(pki.root, recipe);
  };
  const CrlCase rows[] = {
      {"indirect: not read",
       {limited("2.5.29.28", {0x30, 3, 0x84, 1, 0xFF})},
       "crl-problem@0 crl-problem@1"},
      {"delta: not read", {limited("2.5.29.27", {2, 1, 1})}, "crl-problem@0 crl-problem@1"},
      {"for one reason only: not read",
       {limited("2.5.29.28", {0x30, 4, 0x83, 2, 6, 0x40})},
       "crl-problem@0 crl-problem@1"},
      {"for users only",
       {limited("2.5.29.28", {0x30, 3, 0x81, 1, 0xFF})},
       "revoked@0 crl-problem@1"},
      {"for CAs only", {limited("2.5.29.28", {0x30, 3, 0x82, 1, 0xFF})}, "crl-problem@0 revoked@0"},
      {"of two the complete one counts",
       {limited("2.5.29.27", {2, 1, 1}), lab::make_crl(pki.root, current)},
       ""},
      {"nobody is on it", {lab::make_crl(pki.root, current)}, ""},
      {"the leaf is on it", {lab::make_crl(pki.root, revoked)}, "revoked@0"},
      {"out of date", {lab::make_crl(pki.root, old)}, "crl-problem@0 crl-problem@1"},
      {"of another key", {lab::make_crl(pki.stranger, current)}, "crl-problem@0 crl-problem@1"},
  };
  const auto store = store_of({pki.root.der});
  for (const CrlCase& row : rows) {
    SCOPED_TRACE(row.why);
    const Question question{.chain = {pki.leaf_certificate},
                            .name = "www.lab.test",
                            .at = kAt,
                            .profile = profiles::find_profile("curl"),
                            .anchors = store.get(),
                            .revocation = Revocation::Hard,
                            .crls = row.crls};
    const Verdict verdict = judge(question);
    EXPECT_EQ(fault_list(verdict), row.faults);
    const Agreement same = agreement(question, verdict);
    EXPECT_TRUE(same.compared);
    EXPECT_TRUE(same.agree) << same.difference;
  }
}

TEST(Crl, SoftMeansThatOnlyARevocationCounts) {
  const Pki pki;
  const auto store = store_of({pki.root.der});
  const lab::CrlRecipe old{.this_update = kAt - hours(48), .next_update = kAt - hours(24)};
  const Question question{.chain = {pki.leaf_certificate},
                          .name = "www.lab.test",
                          .at = kAt,
                          .profile = profiles::find_profile("curl"),
                          .anchors = store.get(),
                          .revocation = Revocation::Soft,
                          .crls = {lab::make_crl(pki.root, old)}};
  EXPECT_TRUE(judge(question).pass);
}

TEST(IssuerFetch, FollowsAiaUpwardsInAnyForm) {
  lab::Recipe leaf_recipe = lab::leaf_recipe("www.lab.test", kAt);
  leaf_recipe.ca_issuer_urls = {"http://aia.test/ca"};
  const Identity root = lab::make_self_signed(lab::root_recipe("Lab Root", kAt),
                                              lab::shared_keys().key(KeyKind::P256, 4));
  lab::Recipe ca_recipe = lab::intermediate_recipe("Lab CA", kAt);
  ca_recipe.ca_issuer_urls = {"http://aia.test/root"};
  const Identity ca =
      lab::make_certificate(ca_recipe, lab::shared_keys().key(KeyKind::P256, 1), root);
  const Identity leaf =
      lab::make_certificate(leaf_recipe, lab::shared_keys().key(KeyKind::P256, 0), ca);
  TableWorld world;
  const std::string pem = lab::certificate_pem(ca);
  world.answers["http://aia.test/ca"] = Bytes(pem.begin(), pem.end());
  world.answers["http://aia.test/root"] = root.der;
  const FetchedIssuers fetched = fetch_issuers(world, *parsed_chain({leaf.der}), {});
  ASSERT_EQ(fetched.certificates.size(), 2U);
  EXPECT_EQ(fetched.certificates[0]->subject.first("CN"), "Lab CA");
  EXPECT_EQ(fetched.certificates[1]->subject.first("CN"), "Lab Root");
  EXPECT_EQ(world.asked.size(), 2U);
}

TEST(IssuerFetch, HostileAnswersEndTheSearchAndAreNamed) {
  struct Row {
    std::string_view why;
    std::vector<std::string> urls;
    Bytes body;
    std::size_t asked;
  };
  const Pki other;
  const Row rows[] = {
      {"not plain http", {"https://aia.test/ca", "ldap://aia.test/ca"}, {}, 0},
      {"garbage", {"http://aia.test/ca"}, {1, 2, 3}, 1},
      {"another certificate", {"http://aia.test/ca"}, other.leaf.der, 1},
      {"no more than three URLs",
       {"http://aia.test/1", "http://aia.test/2", "http://aia.test/3", "http://aia.test/4"},
       {},
       3},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    lab::Recipe recipe = lab::leaf_recipe("www.lab.test", kAt);
    recipe.ca_issuer_urls = row.urls;
    const Pki pki(recipe);
    TableWorld world;
    world.answers["http://aia.test/ca"] = row.body;
    const FetchedIssuers fetched = fetch_issuers(world, {pki.leaf_certificate}, {});
    EXPECT_EQ(world.asked.size(), row.asked);
    for (const auto& source : fetched.sources) {
      EXPECT_FALSE(source.problem.empty());
    }
  }
}

}  // namespace
}  // namespace medic::verify
