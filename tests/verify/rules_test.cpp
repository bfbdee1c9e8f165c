// One table of chains that break one rule each, or nearly do, under the profiles that care.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "lab/certificate_maker.h"
#include "tests/verify/world.h"
#include "text/messages.h"

namespace medic::verify {
namespace {

using lab::Hash;
using lab::Identity;
using lab::KeyKind;
using lab::Recipe;
using std::chrono::hours;

const Time kAt{std::chrono::seconds(1800000000)};
constexpr std::string_view kHost = "www.lab.test";

struct World {
  Recipe root = lab::root_recipe("Lab Root", kAt);
  Recipe intermediate = lab::intermediate_recipe("Lab CA", kAt);
  Recipe leaf = lab::leaf_recipe(kHost, kAt);
  KeyKind leaf_key = KeyKind::P256;
  std::string name{kHost};
  bool trust_root = true;
  bool send_intermediate = true;
  bool send_root = false;
  bool know_intermediate = false;  // as a certificate from elsewhere
  bool trust_leaf = false;
};

struct RuleCase {
  std::string_view why;
  std::function<void(World&)> change;
  std::string profiles;  // comma separated
  std::string faults;    // fault_list(); empty: pass
};

Verdict verdict_of(const World& world, const profiles::Profile& profile) {
  lab::KeyPool& keys = lab::shared_keys();
  const Identity root = lab::make_self_signed(world.root, keys.key(KeyKind::P256, 4));
  const Identity ca = lab::make_certificate(world.intermediate, keys.key(KeyKind::P256, 1), root);
  const Identity leaf = lab::make_certificate(world.leaf, keys.key(world.leaf_key, 0), ca);
  std::vector<Bytes> sent = {leaf.der};
  if (world.send_intermediate) {
    sent.push_back(ca.der);
  }
  if (world.send_root) {
    sent.push_back(root.der);
  }
  std::vector<Bytes> trusted;
  if (world.trust_root) {
    trusted.push_back(root.der);
  }
  if (world.trust_leaf) {
    trusted.push_back(leaf.der);
  }
  const auto store = store_of(trusted);
  Question question{.chain = *parsed_chain(sent),
                    .name = world.name,
                    .at = kAt,
                    .profile = &profile,
                    .anchors = store.get()};
  if (world.know_intermediate) {
    question.extra = *parsed_chain({ca.der});
  }
  return judge(question);
}

const std::vector<RuleCase>& rule_cases() {
  static const std::vector<RuleCase> cases = {
      {"a good chain passes everywhere", [](World&) {}, "all", ""},
      {"expired leaf", [](World& w) { w.leaf.not_after = kAt - hours(1); }, "all", "expired@0"},
      {"a leaf of one more hour", [](World& w) { w.leaf.not_after = kAt + hours(1); }, "all", ""},
      {"expired intermediate", [](World& w) { w.intermediate.not_after = kAt - hours(1); },
       "openssl,go,java-17,gnutls,rustls,chrome,firefox", "expired@1"},
      {"expired root: an anchor's dates", [](World& w) { w.root.not_after = kAt - hours(1); },
       "openssl,curl,go,gnutls", "expired@2"},
      {"expired root: an anchor is a key", [](World& w) { w.root.not_after = kAt - hours(1); },
       "java-17,rustls,chrome,firefox", ""},
      {"not valid yet", [](World& w) { w.leaf.not_before = kAt + hours(1); }, "all",
       "not-yet-valid@0"},
      {"another name", [](World& w) { w.name = "other.test"; }, "all", "hostname-mismatch@0"},
      {"a wildcard covers one label", [](World& w) { w.leaf.dns = {"*.lab.test"}; }, "all", ""},
      {"and not two",
       [](World& w) {
         w.leaf.dns = {"*.lab.test"};
         w.name = "a.b.lab.test";
       },
       "all", "hostname-mismatch@0"},
      {"common name alone counts", [](World& w) { w.leaf.dns.clear(); },
       "openssl,python,curl,node,gnutls,java,requests-urllib3-1", ""},
      {"common name alone does not count", [](World& w) { w.leaf.dns.clear(); },
       "go,rustls,chrome,firefox,requests-urllib3-2", "no-san@0"},
      {"missing intermediate, unknown", [](World& w) { w.send_intermediate = false; },
       "openssl,python-3.10,curl,node,go,java-17,gnutls,rustls,chrome", "unknown-issuer@0"},
      {"missing intermediate, known elsewhere",
       [](World& w) {
         w.send_intermediate = false;
         w.know_intermediate = true;
       },
       "openssl,python-3.10,curl,node,go,java-17,gnutls,rustls,firefox", "incomplete-chain@0"},
      {"missing intermediate, fetched",
       [](World& w) {
         w.send_intermediate = false;
         w.know_intermediate = true;
       },
       "chrome", ""},
      {"private root, not sent", [](World& w) { w.trust_root = false; }, "openssl,go,java-17",
       "unknown-issuer@1"},
      {"private root, sent",
       [](World& w) {
         w.trust_root = false;
         w.send_root = true;
       },
       "openssl,curl,node,go,java-17,rustls", "self-signed@2"},
      {"leaf pinned: partial chain",
       [](World& w) {
         w.trust_root = false;
         w.send_intermediate = false;
         w.trust_leaf = true;
       },
       "curl,python-3.13,go,java-17,gnutls", ""},
      {"leaf pinned: no partial chain",
       [](World& w) {
         w.trust_root = false;
         w.send_intermediate = false;
         w.trust_leaf = true;
       },
       "node,openssl,python-3.10,rustls", "unknown-issuer@0"},
      {"client certificate used by a server",
       [](World& w) { w.leaf.extended_key_usage = {std::string(lab::kClientAuth)}; },
       "openssl,python-3.10,curl,node,go,java-17,rustls,chrome,firefox", "wrong-eku@0"},
      {"GnuTLS does not look",
       [](World& w) { w.leaf.extended_key_usage = {std::string(lab::kClientAuth)}; }, "gnutls", ""},
      {"no extended key usage at all", [](World& w) { w.leaf.extended_key_usage.clear(); }, "all",
       ""},
      {"intermediate is no CA", [](World& w) { w.intermediate.basic_constraints->ca = false; },
       "go,java-17,rustls,firefox,chrome", "not-a-ca@1"},
      {"intermediate without keyCertSign",
       [](World& w) { w.intermediate.key_usage->bits = x509::kDigitalSignature; },
       "go,java-17,gnutls,chrome", "missing-key-usage@1"},
      {"webpki does not read keyUsage",
       [](World& w) { w.intermediate.key_usage->bits = x509::kDigitalSignature; }, "rustls", ""},
      {"root without keyUsage: only strict clients mind",
       [](World& w) { w.root.key_usage.reset(); }, "python-3.13,requests-urllib3-2.4",
       "profile-violation@2"},
      {"root without keyUsage: the others do not", [](World& w) { w.root.key_usage.reset(); },
       "openssl,python-3.10,curl,node,go,java-17,gnutls,rustls,chrome,firefox", ""},
      {"leaf without authority key identifier", [](World& w) { w.leaf.authority_key_id = false; },
       "python-3.13", "profile-violation@0"},
      {"the same elsewhere", [](World& w) { w.leaf.authority_key_id = false; },
       "python-3.10,curl,go,java-17,gnutls", ""},
      {"name constraints permit another domain",
       [](World& w) {
         w.intermediate.name_constraints = lab::ConstraintsRecipe{.permitted_dns = {"other.test"}};
       },
       "all", "name-constraints@0"},
      {"name constraints permit the domain",
       [](World& w) {
         w.intermediate.name_constraints = lab::ConstraintsRecipe{.permitted_dns = {"lab.test"}};
       },
       "all", ""},
      {"name constraints exclude the domain",
       [](World& w) {
         w.intermediate.name_constraints = lab::ConstraintsRecipe{.excluded_dns = {"lab.test"}};
       },
       "all", "name-constraints@0"},
      {"SHA-1", [](World& w) { w.leaf.hash = Hash::Sha1; },
       "openssl,python,curl,node,go,gnutls,rustls,chrome,firefox", "weak-signature@0"},
      {"Java takes SHA-1 under roots of one's own", [](World& w) { w.leaf.hash = Hash::Sha1; },
       "java", ""},
      {"RSA-1024 under level 2", [](World& w) { w.leaf_key = KeyKind::Rsa1024; },
       "openssl,python,curl,node-22,node-24,rustls", "weak-key@0"},
      {"RSA-1024 under older floors", [](World& w) { w.leaf_key = KeyKind::Rsa1024; },
       "node-18,node-20,go,java-17,gnutls,chrome,firefox", ""},
      {"Ed25519", [](World& w) { w.leaf_key = KeyKind::Ed25519; }, "chrome,firefox,java-8",
       "policy@0"},
      {"Ed25519 elsewhere", [](World& w) { w.leaf_key = KeyKind::Ed25519; },
       "openssl,python,curl,node,go,gnutls,java-17,rustls", ""},
      {"P-521", [](World& w) { w.leaf_key = KeyKind::P521; }, "chrome", "policy@0"},
      {"P-521 elsewhere", [](World& w) { w.leaf_key = KeyKind::P521; },
       "openssl,go,java-17,firefox,rustls", ""},
      {"must-staple without a staple", [](World& w) { w.leaf.must_staple = true; },
       "gnutls,firefox", "profile-violation@0"},
      {"must-staple is not read", [](World& w) { w.leaf.must_staple = true; },
       "openssl,curl,node,go,java-17,rustls,chrome", ""},
      {"unknown critical extension",
       [](World& w) {
         w.leaf.extra.push_back({.oid = "1.2.3.4", .critical = true, .value = {0x05, 0x00}});
       },
       "all", "unknown-critical-extension@0"},
      {"unknown extension",
       [](World& w) {
         w.leaf.extra.push_back({.oid = "1.2.3.4", .critical = false, .value = {0x05, 0x00}});
       },
       "all", ""},
      {"a CA certificate as a server's own",
       [](World& w) {
         w.leaf.basic_constraints = x509::BasicConstraints{.ca = true, .critical = true};
         w.leaf.key_usage->bits = x509::kDigitalSignature | x509::kKeyCertSign;
         w.intermediate.basic_constraints->path_length.reset();
       },
       "rustls,firefox", "ca-as-leaf@0"},
      {"negative serial", [](World& w) { w.leaf.serial = {0x80, 0x01}; }, "go", "malformed-cert@0"},
      {"negative serial elsewhere", [](World& w) { w.leaf.serial = {0x80, 0x01}; },
       "openssl,java-17,gnutls", ""},
  };
  return cases;
}

TEST(Rules, EachRuleFiresWhereItMustAndNowhereElse) {
  for (const RuleCase& row : rule_cases()) {
    World world;
    row.change(world);
    const auto selected = profiles::select_profiles(row.profiles);
    ASSERT_TRUE(selected.has_value()) << row.profiles;
    for (const profiles::Profile* profile : *selected) {
      SCOPED_TRACE(fmt::format("{}: {}", profile->id, row.why));
      EXPECT_EQ(fault_list(verdict_of(world, *profile)), row.faults);
    }
  }
}

TEST(Rules, SeveralFaultsAreAllSaid) {
  World world;
  world.leaf.not_after = kAt - hours(1);
  world.leaf.hash = Hash::Sha1;
  world.name = "other.test";
  EXPECT_EQ(fault_list(verdict_of(world, *profiles::find_profile("openssl"))),
            "weak-signature@0 hostname-mismatch@0 expired@0");
  EXPECT_EQ(fault_list(verdict_of(world, *profiles::find_profile("go"))),
            "hostname-mismatch@0 weak-signature@0 expired@0");
}

TEST(Rules, AWaivedFaultDoesNotCount) {
  World world;
  world.leaf.not_after = kAt - hours(1);
  const lab::Identity root =
      lab::make_self_signed(world.root, lab::shared_keys().key(KeyKind::P256, 4));
  const lab::Identity leaf =
      lab::make_certificate(world.leaf, lab::shared_keys().key(KeyKind::P256, 0), root);
  const auto store = store_of({root.der});
  Question question{.chain = *parsed_chain({leaf.der}),
                    .name = std::string(kHost),
                    .at = kAt,
                    .profile = profiles::find_profile("curl"),
                    .anchors = store.get()};
  EXPECT_FALSE(judge(question).pass);
  question.waived = {"expired"};
  EXPECT_TRUE(judge(question).pass);
}

TEST(Rules, EveryFaultHasItsSentenceInBothLanguages) {
  for (const RuleCase& row : rule_cases()) {
    World world;
    row.change(world);
    const auto selected = profiles::select_profiles(row.profiles);
    for (const profiles::Profile* profile : *selected) {
      for (const Fault& fault : verdict_of(world, *profile).faults) {
        text::Facts facts(fault.facts.begin(), fault.facts.end());
        for (const auto language : {text::Language::English, text::Language::Korean}) {
          const std::string sentence = text::message(language, fault.detail, facts);
          EXPECT_EQ(sentence.find_first_of("[{"), std::string::npos) << sentence;
        }
      }
    }
  }
}

// Two stores, all profiles: the matrix must say what single questions say.
TEST(Rules, TheMatrixAgreesWithSingleQuestions) {
  const World world;
  lab::KeyPool& keys = lab::shared_keys();
  const Identity root = lab::make_self_signed(world.root, keys.key(KeyKind::P256, 4));
  const Identity ca = lab::make_certificate(world.intermediate, keys.key(KeyKind::P256, 1), root);
  const Identity leaf = lab::make_certificate(world.leaf, keys.key(KeyKind::P256, 0), ca);
  const auto with_root = store_of({root.der});
  const auto empty = store_of({});
  Question question{
      .chain = *parsed_chain({leaf.der, ca.der}), .name = std::string(kHost), .at = kAt};
  const auto all = *profiles::select_profiles("all");
  const std::vector<const trust::AnchorSet*> stores = {with_root.get(), empty.get()};
  const auto cells = judge_all(question, all, stores);
  ASSERT_EQ(cells.size(), all.size() * 2);
  for (std::size_t p = 0; p < all.size(); ++p) {
    for (std::size_t s = 0; s < 2; ++s) {
      question.profile = all[p];
      question.anchors = stores[s];
      EXPECT_EQ(fault_list(*cells[p * 2 + s]), fault_list(judge(question))) << all[p]->id;
    }
  }
}

// Twenty certificates of one name, each signed by each: 20! paths.
TEST(Rules, ACrossSignedThicketEndsInAResourceLimit) {
  lab::KeyPool& keys = lab::shared_keys();
  constexpr std::size_t kSize = 12;
  std::vector<Identity> cas;
  for (std::size_t i = 0; i < kSize; ++i) {
    cas.push_back(
        lab::make_self_signed(lab::root_recipe("Thicket", kAt), keys.key(KeyKind::P256, 10 + i)));
  }
  Recipe cross = lab::root_recipe("Thicket", kAt);
  cross.authority_key_id = false;
  cross.subject_key_id = false;
  Recipe leaf_recipe = lab::leaf_recipe(kHost, kAt);
  leaf_recipe.authority_key_id = false;
  std::vector<Bytes> sent = {
      lab::make_certificate(leaf_recipe, keys.key(KeyKind::P256, 0), cas.front()).der};
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j < kSize; ++j) {
      if (i != j) {
        sent.push_back(lab::make_certificate(cross, cas[i].key, cas[j]).der);
      }
    }
  }
  const auto store = store_of({});
  const Question question{.chain = *parsed_chain(sent),
                          .name = std::string(kHost),
                          .at = kAt,
                          .profile = profiles::find_profile("go"),
                          .anchors = store.get()};
  const Verdict verdict = judge(question);
  EXPECT_FALSE(verdict.pass);
  const bool limited =
      std::any_of(verdict.paths.begin(), verdict.paths.end(), [](const Path& path) {
        return std::any_of(path.faults.begin(), path.faults.end(),
                           [](const Fault& fault) { return fault.id == "resource-limit"; });
      });
  EXPECT_TRUE(limited);
}

}  // namespace
}  // namespace medic::verify
