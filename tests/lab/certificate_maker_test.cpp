#include "lab/certificate_maker.h"

#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <chrono>
#include <functional>

#include "lab/revocation_maker.h"
#include "tests/lab/openssl_judge.h"

namespace medic::lab {
namespace {

using std::chrono::days;

const Time kAt = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
const std::string kHost = "maker.lab.test";

Key key(std::size_t n) {
  return shared_keys().key(KeyKind::P256, n);
}

struct Chain {
  Identity root;
  Identity intermediate;
  Identity leaf;
};

// A good chain in which one recipe was changed.
struct Change {
  std::function<void(Recipe&)> root = [](Recipe&) {};
  std::function<void(Recipe&)> intermediate = [](Recipe&) {};
  std::function<void(Recipe&)> leaf = [](Recipe&) {};
};

Chain made_chain(const Change& change) {
  Recipe root = root_recipe("Maker Root", kAt);
  change.root(root);
  Recipe intermediate = intermediate_recipe("Maker Intermediate", kAt);
  change.intermediate(intermediate);
  Recipe leaf = leaf_recipe(kHost, kAt);
  change.leaf(leaf);
  Chain chain;
  chain.root = make_self_signed(root, key(0));
  chain.intermediate = make_certificate(intermediate, key(1), chain.root);
  chain.leaf = make_certificate(leaf, key(2), chain.intermediate);
  return chain;
}

Judgement judged(const Chain& chain, const JudgeOptions& options = {}) {
  return openssl_judgement({chain.leaf.der, chain.intermediate.der}, certificate_pem(chain.root),
                           kHost, kAt, options);
}

struct RecipeCase {
  std::string_view why;
  Change change;
  int error;
  bool strict = false;
};

const std::vector<RecipeCase>& recipe_cases() {
  static const std::vector<RecipeCase> cases = {
      {"the unchanged chain is accepted", {}, X509_V_OK},
      {"and strictly too", {}, X509_V_OK, true},
      {"expired leaf",
       {.leaf = [](Recipe& r) { r.not_after = kAt - days{1}; }},
       X509_V_ERR_CERT_HAS_EXPIRED},
      {"not yet valid",
       {.leaf = [](Recipe& r) { r.not_before = kAt + days{1}; }},
       X509_V_ERR_CERT_NOT_YET_VALID},
      {"GeneralizedTime after 2049",
       {.root = [](Recipe& r) { r.not_after = kAt + days{365 * 40}; }},
       X509_V_OK,
       true},
      {"another name",
       {.leaf = [](Recipe& r) { r.dns = {"other.lab.test"}; }},
       X509_V_ERR_HOSTNAME_MISMATCH},
      {"not a CA",
       {.intermediate = [](Recipe& r) { r.basic_constraints.value().ca = false; }},
       X509_V_ERR_INVALID_CA},
      {"no keyCertSign",
       {.intermediate = [](Recipe& r) { r.key_usage.value().bits = x509::kCrlSign; }},
       X509_V_ERR_INVALID_CA},
      {"path length",
       {.root = [](Recipe& r) { r.basic_constraints.value().path_length = 0; }},
       X509_V_ERR_PATH_LENGTH_EXCEEDED},
      {"client purpose only",
       {.leaf = [](Recipe& r) { r.extended_key_usage = {std::string(kClientAuth)}; }},
       X509_V_ERR_INVALID_PURPOSE},
      {"permitted subtree",
       {.intermediate =
            [](Recipe& r) { r.name_constraints = ConstraintsRecipe{.permitted_dns = {"a.test"}}; }},
       X509_V_ERR_PERMITTED_VIOLATION},
      {"excluded subtree",
       {.intermediate =
            [](Recipe& r) {
              r.name_constraints = ConstraintsRecipe{.excluded_dns = {"lab.test"}};
            }},
       X509_V_ERR_EXCLUDED_VIOLATION},
      {"critical extension that nobody knows",
       {.leaf =
            [](Recipe& r) {
              r.extra = {{.oid = "1.3.6.1.4.1.55555.1", .critical = true, .value = {5, 0}}};
            }},
       X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION},
      {"SHA-1 signature",
       {.leaf = [](Recipe& r) { r.hash = Hash::Sha1; }},
       X509_V_ERR_CA_MD_TOO_WEAK},
      {"no keyUsage is tolerated", {.root = [](Recipe& r) { r.key_usage.reset(); }}, X509_V_OK},
      {"but not strictly",
       {.root = [](Recipe& r) { r.key_usage.reset(); }},
       X509_V_ERR_CA_CERT_MISSING_KEY_USAGE,
       true},
      {"basicConstraints not critical",
       {.root = [](Recipe& r) { r.basic_constraints.value().critical = false; }},
       X509_V_ERR_CA_BCONS_NOT_CRITICAL,
       true},
      {"no authority key id",
       {.leaf = [](Recipe& r) { r.authority_key_id = false; }},
       X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER,
       true},
      {"no subject key id",
       {.root = [](Recipe& r) { r.subject_key_id = false; }},
       X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER,
       true},
  };
  return cases;
}

TEST(CertificateMaker, OpensslSeesExactlyWhatTheRecipeAskedFor) {
  for (const RecipeCase& c : recipe_cases()) {
    SCOPED_TRACE(c.why);
    const Judgement judgement = judged(made_chain(c.change), {.strict = c.strict});
    EXPECT_EQ(judgement.error, c.error) << judgement.text << " at depth " << judgement.depth;
  }
}

TEST(CertificateMaker, EveryKindOfKeyAndHashVerifies) {
  struct Row {
    KeyKind kind;
    Hash hash;
    std::string_view why;
  };
  const std::vector<Row> rows = {
      {KeyKind::P256, Hash::Sha256, "default"},    {KeyKind::P384, Hash::Sha384, "P-384"},
      {KeyKind::P521, Hash::Sha512, "P-521"},      {KeyKind::Ed25519, Hash::Sha256, "Ed25519"},
      {KeyKind::Rsa2048, Hash::Md5, "MD5"},        {KeyKind::Rsa2048, Hash::Sha1, "SHA-1"},
      {KeyKind::Rsa2048, Hash::Sha384, "SHA-384"}, {KeyKind::RsaPss2048, Hash::Sha256, "PSS"},
      {KeyKind::Rsa1024, Hash::Sha256, "1024"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    Recipe root = root_recipe("Key Root", kAt);
    root.hash = row.hash;
    Recipe leaf = leaf_recipe(kHost, kAt);
    leaf.hash = row.hash;
    const Identity issuer = make_self_signed(root, shared_keys().key(row.kind));
    const Identity end = make_certificate(leaf, shared_keys().key(row.kind), issuer);
    const Judgement judgement =
        openssl_judgement({end.der}, certificate_pem(issuer), kHost, kAt, {.security_level = 0});
    EXPECT_EQ(judgement.error, X509_V_OK) << judgement.text;
  }
}

TEST(CertificateMaker, AnAddressGoesIntoAnIpName) {
  const Identity root = make_self_signed(root_recipe("IP Root", kAt), key(0));
  for (const std::string address : {"127.0.0.1", "::1"}) {
    const Identity leaf = make_certificate(leaf_recipe(address, kAt), key(2), root);
    EXPECT_EQ(openssl_judgement({leaf.der}, certificate_pem(root), address, kAt).error, X509_V_OK);
    EXPECT_EQ(openssl_judgement({leaf.der}, certificate_pem(root), "127.0.0.9", kAt).error,
              X509_V_ERR_IP_ADDRESS_MISMATCH);
  }
}

TEST(RevocationMaker, OpensslFindsTheRevokedSerialInTheCrl) {
  const Chain chain = made_chain({});
  CrlRecipe recipe{.revoked = {},
                   .revoked_at = kAt - days{1},
                   .this_update = kAt - days{1},
                   .next_update = kAt + days{6}};
  EXPECT_EQ(judged(chain, {.crls = {make_crl(chain.intermediate, recipe)}}).error, X509_V_OK);
  recipe.revoked = {chain.leaf.serial};
  EXPECT_EQ(judged(chain, {.crls = {make_crl(chain.intermediate, recipe)}}).error,
            X509_V_ERR_CERT_REVOKED);
  recipe.revoked.clear();
  recipe.next_update = kAt - std::chrono::hours{1};
  EXPECT_EQ(judged(chain, {.crls = {make_crl(chain.intermediate, recipe)}}).error,
            X509_V_ERR_CRL_HAS_EXPIRED);
}

// A generator of ten thousand chains stands on this; the bound is loose because sanitizers and busy
// machines are slow. Without sanitizers one certificate takes about 30 us.
}  // namespace
}  // namespace medic::lab
