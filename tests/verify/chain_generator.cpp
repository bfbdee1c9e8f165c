#include "tests/verify/chain_generator.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <random>

#include "base/check.h"
#include "lab/certificate_maker.h"

namespace medic::verify {
namespace {

using lab::Hash;
using lab::Identity;
using lab::Key;
using lab::KeyKind;
using lab::Recipe;
using std::chrono::hours;
using std::chrono::seconds;

const Time kAt{seconds(1800000000)};  // 2027-01-15, no reason
constexpr std::string_view kHost = "www.lab.test";

// One certificate on its way: everything about it may still change.
struct Plan {
  Recipe recipe;
  Key key;
  bool self_signed = false;
  bool corrupt_signature = false;
  bool flip_byte = false;  // in the signed part, and signed again
  bool signed_by_stranger = false;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  GeneratedChain run() {
    plan_chain();
    const std::size_t changes = below(4);
    for (std::size_t i = 0; i < changes; ++i) {
      change();
    }
    make();
    if (below(3) == 0) {
      rearrange();
    }
    out_.at = kAt;
    return std::move(out_);
  }

 private:
  // Not std::uniform_int_distribution: its results differ between libraries.
  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }

  void note(std::string_view what, std::size_t which) {
    out_.recipe += fmt::format("{}{}({})", out_.recipe.empty() ? "" : " ", what, which);
  }

  Key key(KeyKind kind, std::size_t number) { return lab::shared_keys().key(kind, number); }

  // plans_[0] is the leaf, the last one the root.
  void plan_chain() {
    const std::size_t intermediates = below(3);
    out_.name = kHost;
    Plan leaf{.recipe = lab::leaf_recipe(kHost, kAt), .key = key(KeyKind::P256, 0)};
    plans_.push_back(leaf);
    for (std::size_t i = 0; i < intermediates; ++i) {
      Plan ca{.recipe = lab::intermediate_recipe(fmt::format("Lab Intermediate {}", i), kAt),
              .key = key(KeyKind::P256, 1 + i)};
      ca.recipe.basic_constraints->path_length = static_cast<std::uint32_t>(i);
      plans_.push_back(ca);
    }
    Plan root{.recipe = lab::root_recipe("Lab Root", kAt),
              .key = key(KeyKind::P256, 4),
              .self_signed = true};
    plans_.push_back(root);
  }

  using Change = void (Generator::*)();
  struct NamedChange {
    std::string_view name;
    void (*apply)(Generator&, Plan&, std::size_t);
  };

  static const NamedChange kChanges[];

  void change() {
    const std::size_t which = below(plans_.size());
    const NamedChange& chosen = kChanges[below(change_count())];
    note(chosen.name, which);
    chosen.apply(*this, plans_[which], which);
  }
  static std::size_t change_count();

  void make() {
    std::vector<Identity> made(plans_.size());
    for (std::size_t i = plans_.size(); i-- > 0;) {
      Plan& plan = plans_[i];
      if (plan.self_signed) {
        made[i] = lab::make_self_signed(plan.recipe, plan.key);
      } else if (plan.signed_by_stranger) {
        Identity stranger = made[std::min(i + 1, made.size() - 1)];
        stranger.key = key(KeyKind::P256, 5);
        made[i] = lab::make_certificate(plan.recipe, plan.key, stranger);
      } else {
        made[i] =
            lab::make_certificate(plan.recipe, plan.key, made[std::min(i + 1, made.size() - 1)]);
      }
      damage(plan, made[i],
             plan.self_signed ? plan.key : plans_[std::min(i + 1, made.size() - 1)].key, i);
    }
    for (std::size_t i = 0; i < made.size(); ++i) {
      ders_.push_back(made[i].der);
    }
    out_.sent.assign(ders_.begin(), ders_.end() - 1);
    if (out_.sent.empty()) {
      out_.sent.push_back(ders_.front());
    }
    out_.store = {ders_.back()};
    identities_ = std::move(made);
  }

  void damage(const Plan& plan, Identity& identity, const Key& signer, std::size_t i) {
    if (plan.corrupt_signature) {
      identity.der.back() = static_cast<std::uint8_t>(identity.der.back() ^ 0x01U);
    }
    if (plan.flip_byte) {
      const auto parsed = x509::parse_certificate(identity.der);
      MEDIC_CHECK(parsed.has_value());
      Bytes signed_part((*parsed)->tbs.begin(), (*parsed)->tbs.end());
      // Behind the outer header, so that the result is still one SEQUENCE.
      const std::size_t at = 4 + below(signed_part.size() - 4);
      signed_part[at] = static_cast<std::uint8_t>(signed_part[at] ^ (1U << below(8)));
      note(fmt::format("at-{}", at), i);
      identity.der = lab::signed_der(signed_part, signer, plan.recipe.hash);
    }
  }

  // What a server or an administrator does to the order and to the store.
  void rearrange() {
    switch (below(12)) {
      case 0:
        note("root-sent", 0);
        out_.sent.push_back(ders_.back());
        break;
      case 1:
        note("reversed", 0);
        std::reverse(out_.sent.begin() + 1, out_.sent.end());
        break;
      case 2:
        note("duplicated", 0);
        out_.sent.push_back(out_.sent[below(out_.sent.size())]);
        break;
      case 3:
        if (out_.sent.size() > 1) {
          note("missing", 1);
          out_.sent.erase(out_.sent.begin() + 1);
        }
        break;
      case 4:
        note("unrelated", 0);
        out_.sent.push_back(
            lab::make_self_signed(lab::root_recipe("Unrelated", kAt), key(KeyKind::P256, 5)).der);
        break;
      case 5:
        note("empty-store", 0);
        out_.store.clear();
        if (chance(2)) {
          out_.sent.push_back(ders_.back());
        }
        break;
      case 6:
        note("other-key-root-first", 0);
        out_.store.insert(out_.store.begin(), other_root(plans_.back().recipe));
        break;
      case 7:
        note("expired-same-key-root", 0);
        out_.store.insert(out_.store.begin() + static_cast<std::ptrdiff_t>(below(2)),
                          expired_root());
        break;
      case 8:
        if (ders_.size() > 2) {
          note("intermediate-as-store", 0);
          out_.store = {ders_[1 + below(ders_.size() - 2)]};
        }
        break;
      case 9:
        note("leaf-in-store", 0);
        out_.store.push_back(ders_.front());
        if (chance(2)) {
          out_.store.erase(out_.store.begin());
        }
        break;
      case 10:
        cross_sign();
        break;
      case 11:
        note("mimic-root-sent", 0);
        out_.sent.push_back(other_root(plans_.back().recipe));
        break;
    }
  }

  Bytes other_root(Recipe recipe) {
    recipe.subject_key_id = chance(2);
    recipe.authority_key_id = recipe.subject_key_id;
    return lab::make_self_signed(recipe, key(KeyKind::P256, 5)).der;
  }

  Bytes expired_root() {
    Recipe recipe = plans_.back().recipe;
    recipe.not_before = kAt - hours(24 * 4000);
    recipe.not_after = kAt - hours(24);
    return lab::make_self_signed(recipe, plans_.back().key).der;
  }

  // The root's key certified by another root: the way of new CAs. Expired or not, sent or not.
  void cross_sign() {
    const Identity other =
        lab::make_self_signed(lab::root_recipe("Old Root", kAt), key(KeyKind::P256, 5));
    Recipe recipe = plans_.back().recipe;
    if (chance(2)) {
      recipe.not_before = kAt - hours(24 * 4000);
      recipe.not_after = kAt - hours(24);
    }
    note("cross-signed", 0);
    out_.sent.push_back(lab::make_certificate(recipe, plans_.back().key, other).der);
    if (chance(2)) {
      out_.store.push_back(other.der);
    }
    if (chance(3)) {
      out_.store.erase(out_.store.begin());
    }
  }

  std::mt19937_64 random_;
  std::vector<Plan> plans_;
  std::vector<Bytes> ders_;
  std::vector<Identity> identities_;
  GeneratedChain out_;
};

Bytes octets(std::initializer_list<unsigned> values) {
  Bytes bytes;
  for (const unsigned value : values) {
    bytes.push_back(static_cast<std::uint8_t>(value));
  }
  return bytes;
}

const Generator::NamedChange Generator::kChanges[] = {
    {"expired", [](Generator&, Plan& p, std::size_t) { p.recipe.not_after = kAt - hours(1); }},
    {"not-yet", [](Generator&, Plan& p, std::size_t) { p.recipe.not_before = kAt + hours(1); }},
    {"ends-now", [](Generator&, Plan& p, std::size_t) { p.recipe.not_after = kAt; }},
    {"begins-now", [](Generator&, Plan& p, std::size_t) { p.recipe.not_before = kAt; }},
    {"ended-a-second-ago",
     [](Generator&, Plan& p, std::size_t) { p.recipe.not_after = kAt - seconds(1); }},
    {"names",
     [](Generator& g, Plan& p, std::size_t) {
       const std::vector<std::string> sets[] = {
           {"other.test"},         {"*.lab.test"},       {"*.test"},
           {"w*.lab.test"},        {"*w.lab.test"},      {"w*w.lab.test"},
           {"*.*.test"},           {"www.*.test"},       {"WWW.LAB.TEST"},
           {"www.lab.test."},      {""},                 {"*"},
           {"xn--w*.lab.test"},    {"*.www.lab.test"},   {"a.test", "www.lab.test"},
           {"*-x.lab.test"},       {"lab.test"},         {".lab.test"},
       };
       p.recipe.dns = sets[g.below(std::size(sets))];
     }},
    {"common-name-only",
     [](Generator& g, Plan& p, std::size_t) {
       p.recipe.dns.clear();
       p.recipe.ips.clear();
       const std::string_view names[] = {"www.lab.test", "*.lab.test", "other.test", "w*.lab.test",
                                         "Some Person"};
       p.recipe.subject = lab::common_name(names[g.below(std::size(names))]);
     }},
    {"ip-name",
     [](Generator& g, Plan& p, std::size_t) {
       p.recipe.ips = {g.chance(2) ? "127.0.0.1" : "::1"};
       if (g.chance(2)) {
         p.recipe.dns.clear();
       }
     }},
    {"ask-ip",
     [](Generator& g, Plan&, std::size_t) { g.out_.name = g.chance(2) ? "127.0.0.1" : "::1"; }},
    {"ask-other",
     [](Generator& g, Plan&, std::size_t) {
       const std::string_view names[] = {"lab.test", "a.www.lab.test", "xn--bcher-kva.lab.test",
                                         "www.lab.test.", "WWW.lab.test", "w_w.lab.test"};
       g.out_.name = names[g.below(std::size(names))];
     }},
    {"empty-subject", [](Generator&, Plan& p, std::size_t) { p.recipe.subject.clear(); }},
    {"critical-san",
     [](Generator&, Plan& p, std::size_t) { p.recipe.subject_alt_names_critical = true; }},
    {"no-basic",
     [](Generator&, Plan& p, std::size_t) { p.recipe.basic_constraints.reset(); }},
    {"basic",
     [](Generator& g, Plan& p, std::size_t) {
       x509::BasicConstraints basic{.ca = g.chance(2), .critical = g.chance(2)};
       if (g.chance(2)) {
         basic.path_length = static_cast<std::uint32_t>(g.below(3));
       }
       p.recipe.basic_constraints = basic;
     }},
    {"path-length-0",
     [](Generator&, Plan& p, std::size_t) {
       p.recipe.basic_constraints = x509::BasicConstraints{.ca = true, .path_length = 0,
                                                           .critical = true};
     }},
    {"no-key-usage", [](Generator&, Plan& p, std::size_t) { p.recipe.key_usage.reset(); }},
    {"key-usage",
     [](Generator& g, Plan& p, std::size_t) {
       p.recipe.key_usage = x509::KeyUsage{
           .bits = static_cast<std::uint16_t>(1U << g.below(9)), .critical = g.chance(2)};
       if (g.chance(2)) {
         p.recipe.key_usage->bits =
             static_cast<std::uint16_t>(p.recipe.key_usage->bits | (1U << g.below(9)));
       }
     }},
    {"eku",
     [](Generator& g, Plan& p, std::size_t) {
       const std::vector<std::string> sets[] = {
           {},
           {std::string(lab::kServerAuth)},
           {std::string(lab::kClientAuth)},
           {"2.5.29.37.0"},
           {std::string(lab::kCodeSigning)},
           {std::string(lab::kServerAuth), std::string(lab::kClientAuth)},
           {"1.3.6.1.4.1.311.10.3.3"}};
       p.recipe.extended_key_usage = sets[g.below(std::size(sets))];
       p.recipe.extended_key_usage_critical = g.chance(3);
     }},
    {"constraints",
     [](Generator& g, Plan& p, std::size_t) {
       lab::ConstraintsRecipe c;
       const std::vector<std::string> dns[] = {{"lab.test"},  {".lab.test"}, {"other.test"},
                                               {"www.lab.test"}, {""},       {"ab.test"}};
       const std::vector<std::string>& chosen = dns[g.below(std::size(dns))];
       switch (g.below(4)) {
         case 0:
           c.permitted_dns = chosen;
           break;
         case 1:
           c.excluded_dns = chosen;
           break;
         case 2:
           c.permitted_ip = {octets({127, 0, 0, 0, 255, 0, 0, 0})};
           break;
         default: {
           const std::string_view subject = g.chance(2) ? "www.lab.test" : "Lab Intermediate 0";
           auto& subtrees = g.chance(2) ? c.permitted_directory : c.excluded_directory;
           subtrees.push_back(lab::common_name(subject));
           break;
         }
       }
       c.critical = g.chance(2);
       p.recipe.name_constraints = c;
     }},
    {"no-ski", [](Generator&, Plan& p, std::size_t) { p.recipe.subject_key_id = false; }},
    {"no-aki", [](Generator&, Plan& p, std::size_t) { p.recipe.authority_key_id = false; }},
    {"wrong-ski",
     [](Generator&, Plan& p, std::size_t) { p.recipe.subject_key_id_value = octets({1, 2, 3}); }},
    {"wrong-aki",
     [](Generator&, Plan& p, std::size_t) { p.recipe.authority_key_id_value = octets({1, 2}); }},
    {"hash",
     [](Generator& g, Plan& p, std::size_t) {
       const Hash hashes[] = {Hash::Sha1, Hash::Sha384, Hash::Sha512};
       p.recipe.hash = hashes[g.below(std::size(hashes))];
     }},
    {"key",
     [](Generator& g, Plan& p, std::size_t) {
       const KeyKind kinds[] = {KeyKind::P384, KeyKind::P521,    KeyKind::Ed25519,
                                KeyKind::Rsa1024, KeyKind::Rsa2048, KeyKind::RsaPss2048};
       p.key = g.key(kinds[g.below(std::size(kinds))], 0);
     }},
    {"version-1", [](Generator&, Plan& p, std::size_t) { p.recipe.version = 1; }},
    {"unknown-critical",
     [](Generator& g, Plan& p, std::size_t) {
       p.recipe.extra.push_back(
           {.oid = "1.2.3.4.5", .critical = !g.chance(4), .value = octets({5, 0})});
     }},
    {"second-basic",
     [](Generator& g, Plan& p, std::size_t) {
       p.recipe.extra.push_back({.oid = "2.5.29.19",
                                 .critical = g.chance(2),
                                 .value = octets({0x30, 0x03, 0x01, 0x01, 0xFF})});
     }},
    {"bad-extension",
     [](Generator& g, Plan& p, std::size_t) {
       const std::string_view oids[] = {"2.5.29.32", "2.5.29.31", "1.3.6.1.5.5.7.1.1",
                                        "2.5.29.36", "2.5.29.18", "2.16.840.1.113730.1.1"};
       p.recipe.extra.push_back({.oid = std::string(oids[g.below(std::size(oids))]),
                                 .critical = g.chance(2),
                                 .value = octets({0x04, 0x05})});
     }},
    {"netscape",
     [](Generator& g, Plan& p, std::size_t) {
       p.recipe.extra.push_back({.oid = "2.16.840.1.113730.1.1",
                                 .critical = false,
                                 .value = octets({0x03, 0x02, 0x00,
                                                  1U << g.below(8)})});
       if (g.chance(2)) {
         p.recipe.basic_constraints.reset();
         p.recipe.key_usage.reset();
       }
     }},
    {"negative-serial",
     [](Generator&, Plan& p, std::size_t) { p.recipe.serial = octets({0x80, 0x01}); }},
    {"other-issuer-name",
     [](Generator&, Plan& p, std::size_t) { p.recipe.issuer = lab::common_name("Nobody"); }},
    {"name-in-capitals",
     [](Generator&, Plan& p, std::size_t) {
       for (auto& [type, value] : p.recipe.subject) {
         std::transform(value.begin(), value.end(), value.begin(),
                        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
       }
     }},
    {"bad-signature", [](Generator&, Plan& p, std::size_t) { p.corrupt_signature = true; }},
    {"flipped-bit", [](Generator&, Plan& p, std::size_t) { p.flip_byte = true; }},
    {"stranger", [](Generator&, Plan& p, std::size_t) { p.signed_by_stranger = true; }},
    {"self-signed", [](Generator&, Plan& p, std::size_t) { p.self_signed = true; }},
    {"same-key-as-above",
     [](Generator& g, Plan& p, std::size_t i) {
       if (i + 1 < g.plans_.size()) {
         p.key = g.plans_[i + 1].key;
       }
     }},
    {"same-name-as-above",
     [](Generator& g, Plan& p, std::size_t i) {
       if (i + 1 < g.plans_.size()) {
         p.recipe.subject = g.plans_[i + 1].recipe.subject;
       }
     }},
    {"must-staple", [](Generator&, Plan& p, std::size_t) { p.recipe.must_staple = true; }},
};

std::size_t Generator::change_count() {
  return std::size(kChanges);
}

}  // namespace

GeneratedChain generated_chain(std::uint64_t seed) {
  return Generator(seed).run();
}

}  // namespace medic::verify
