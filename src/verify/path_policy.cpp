#include "verify/path_policy.h"

#include <algorithm>

#include "verify/host_match.h"
#include "verify/name_constraints.h"
#include "verify/openssl_errors.h"
#include "verify/revocation.h"

namespace medic::verify {
namespace {

constexpr std::string_view kSubjectKeyId = "2.5.29.14";

using profiles::Engine;
using profiles::VerifyRules;
using x509::Certificate;
using x509::HashAlgorithm;
using x509::KeyType;

class Policy {
 public:
  Policy(const Inputs& inputs, FoundPath& path)
      : in_(inputs), rules_(inputs.profile->verify), path_(path) {}

  void run() {
    // Go checks the name before it looks for a path.
    if (in_.profile->engine == Engine::Go) {
      check_name();
    }
    if (!path_.anchored) {
      untrusted();
    }
    if (rules_.parses_all_sent) {
      check_others_sent();
    }
    if (pinned() && !rules_.pinned_leaf_checked) {
      check_readable(*path_.chain.front()->certificate, 0);
      check_name();
      return;
    }
    std::size_t below = 0;  // CA certificates, self-issued ones only where the client counts them
    for (std::size_t i = 0; i < path_.chain.size(); ++i) {
      check_certificate(i, below);
      if (i > 0 && (rules_.self_issued_counts || !path_.chain[i]->self_issued)) {
        ++below;
      }
    }
    check_all_constraints();
    for (Found& found : revocation_faults(in_, path_.chain, path_.anchored)) {
      path_.faults.push_back(std::move(found));
    }
    check_staple();
    if (in_.profile->engine != Engine::Go) {
      check_name();
    }
  }

 private:
  void add(std::string_view id, std::string_view detail, std::size_t depth, std::string fact = {}) {
    path_.faults.push_back({.id = id,
                            .detail = detail,
                            .depth = static_cast<int>(depth),
                            .certificate = path_.chain[depth],
                            .fact = std::move(fact)});
  }

  [[nodiscard]] bool is_anchor(std::size_t i) const {
    return path_.anchored && i + 1 == path_.chain.size();
  }
  [[nodiscard]] bool constrained(std::size_t i) const {
    return !is_anchor(i) || rules_.anchor_constraints_checked;
  }

  [[nodiscard]] bool pinned() const { return path_.anchored && path_.chain.size() == 1; }

  void untrusted() {
    const std::size_t top = path_.chain.size() - 1;
    if (path_.chain[top]->self_signed) {
      add("self-signed", top == 0 ? "self-signed-leaf" : "self-signed-root", top);
    } else {
      add("unknown-issuer", "unknown-issuer", top);
    }
  }

  void check_certificate(std::size_t i, std::size_t below) {
    const CertificateFacts& facts = *path_.chain[i];
    const Certificate& c = *facts.certificate;
    check_form(c, i);
    if (constrained(i)) {
      check_critical_extensions(c, i);
    }
    check_keys(facts, i);
    if (i + 1 < path_.chain.size()) {
      check_signature(facts, *path_.chain[i + 1], i);
    }
    if (!is_anchor(i) || rules_.anchor_dates_checked) {
      check_dates(facts, i);
    }
    if (i == 0) {
      check_leaf(facts);
    } else {
      check_ca(facts, i, below);
    }
  }

  // What a client's parser refuses, in anchors too.
  void check_form(const Certificate& c, std::size_t i) {
    check_readable(c, i);
    if (!c.signature_algorithms_agree) {
      add("malformed-cert", "signature-algorithms-differ", i);
    }
    if (rules_.refuses_empty_names) {
      check_empty_names(c, i);
    }
  }

  // Certificates that were sent and are not on this path; named as the leaf's fault.
  void check_others_sent() {
    for (const CertificateFacts* facts : in_.sent) {
      if (std::find(path_.chain.begin(), path_.chain.end(), facts) == path_.chain.end()) {
        check_readable(*facts->certificate, 0);
        if (rules_.refuses_empty_names) {
          check_empty_names(*facts->certificate, 0);
        }
      }
    }
  }

  void check_readable(const Certificate& c, std::size_t i) {
    for (const x509::Anomaly& anomaly : c.anomalies) {
      // Extensions of Netscape, RFC 3779 and RFC 3820 are read by OpenSSL only.
      const bool read_here =
          anomaly.oid != "2.16.840.1.113730.1.1" && anomaly.oid != "1.3.6.1.5.5.7.1.14" &&
          anomaly.oid != "1.3.6.1.5.5.7.1.7" && anomaly.oid != "1.3.6.1.5.5.7.1.8" &&
          (anomaly.oid != kSubjectKeyId || rules_.reads_subject_key_id);
      const bool bad = (anomaly.id == "bad-extension" && read_here) ||
                       anomaly.id == "duplicate-extension" || anomaly.id == "negative-path-length";
      const bool negative = anomaly.id == "negative-serial" && !rules_.negative_serial;
      if (bad || negative) {
        add("malformed-cert", negative ? "negative-serial" : "bad-extension", i, anomaly.detail);
      }
    }
  }

  void check_empty_names(const Certificate& c, std::size_t i) {
    if (c.issuer.empty()) {
      add("profile-violation", "empty-issuer", i);
    }
    if (c.subject.empty() && !(c.subject_alt_names && c.subject_alt_names_critical)) {
      add("profile-violation", "subject-alt-name-not-critical", i);
    }
  }

  void check_critical_extensions(const Certificate& c, std::size_t i) {
    const auto& names = c.name_constraints;
    if (!c.unknown_critical.empty()) {
      add("unknown-critical-extension", "unknown-critical-extension", i,
          c.unknown_critical.front());
    } else if (names && names->critical && !rules_.handles_directory_constraints &&
               !(names->permitted.directory.empty() && names->excluded.directory.empty())) {
      add("unknown-critical-extension", "unknown-critical-extension", i, "2.5.29.30");
    }
  }

  void check_keys(const CertificateFacts& facts, std::size_t i) {
    const x509::PublicKey& key = facts.certificate->public_key;
    const bool rsa = key.type == KeyType::Rsa || key.type == KeyType::RsaPss;
    if (!facts.key_readable) {
      add("malformed-cert", "unreadable-key", i);
    } else if ((rsa && key.bits < rules_.min_rsa_bits) ||
               (key.type == KeyType::Ec && key.bits < rules_.min_ec_bits)) {
      add("weak-key", "weak-key", i, std::to_string(key.bits));
    } else if ((key.type == KeyType::Ec && key.curve == "P-521" && !rules_.allows_p521) ||
               (key.type == KeyType::Ed25519 && !rules_.allows_ed25519) ||
               (key.type == KeyType::RsaPss && !rules_.allows_rsa_pss_keys)) {
      add("policy", "unsupported-key", i, key_name(key));
    }
  }

  static std::string key_name(const x509::PublicKey& key) {
    if (key.type == KeyType::RsaPss) {
      return "RSASSA-PSS";
    }
    return key.curve.empty() ? "Ed25519" : key.curve;
  }

  void check_signature(const CertificateFacts& child, const CertificateFacts& issuer,
                       std::size_t i) {
    const x509::SignatureAlgorithm& algorithm = child.certificate->signature_algorithm;
    const HashAlgorithm hash = algorithm.hash;
    const bool md = hash == HashAlgorithm::Md2 || hash == HashAlgorithm::Md4 ||
                    (hash == HashAlgorithm::Md5 && !rules_.allows_md5);
    if (md || (hash == HashAlgorithm::Sha1 && !rules_.allows_sha1)) {
      add("weak-signature", "weak-signature", i, algorithm.text);
    }
    switch (in_.cache->check(child, issuer)) {
      case x509::SignatureCheck::Good:
        break;
      case x509::SignatureCheck::Bad:
        add("bad-signature", "bad-signature", i);
        break;
      case x509::SignatureCheck::Unsupported:
        add("weak-signature", "unsupported-signature", i, algorithm.text);
        break;
    }
  }

  void check_dates(const CertificateFacts& facts, std::size_t i) {
    if (facts.bad_not_before || facts.bad_not_after) {
      add("malformed-cert", "bad-date", i);
      return;
    }
    if (facts.not_before > in_.at) {
      add("not-yet-valid", "not-yet-valid", i);
    }
    // RFC 5280 section 4.1.2.5: notAfter is still inside; only OpenSSL thinks otherwise.
    if (facts.not_after < in_.at) {
      add("expired", "expired", i);
    }
  }

  void check_leaf(const CertificateFacts& facts) {
    const Certificate& c = *facts.certificate;
    const bool ca = c.basic_constraints && c.basic_constraints->ca;
    if (ca && !rules_.ca_certificate_as_leaf) {
      add("ca-as-leaf", "ca-as-leaf", 0);
    }
    if (rules_.checks_eku) {
      check_extended_usage(c, 0);
    }
    // TLS 1.3 and the ECDHE suites of 1.2 have the leaf's key sign.
    const auto& netscape = c.netscape_cert_type;
    if (rules_.checks_netscape_type && netscape && (*netscape & 0x40U) == 0) {
      add("wrong-eku", "wrong-eku-server", 0);
    }
    if (rules_.checks_leaf_key_usage && (facts.key_usage & x509::kDigitalSignature) == 0) {
      add("missing-key-usage", "leaf-key-usage", 0);
    }
    check_lifetime(facts);
  }

  // For chains to public roots only (Chromium, CA/Browser Forum baseline requirements 6.3.2): those
  // of a client that judges by Mozilla's list. A store of another name holds somebody's own choice.
  void check_lifetime(const CertificateFacts& facts) {
    constexpr std::int64_t kDay = 86400;
    const trust::AnchorSet* anchors = in_.question->anchors;
    if (rules_.max_validity_days != 0 && path_.anchored && anchors != nullptr &&
        anchors->id() == "mozilla" &&
        facts.not_after - facts.not_before > rules_.max_validity_days * kDay) {
      add("profile-violation", "too-long-validity", 0, std::to_string(rules_.max_validity_days));
    }
  }

  void check_extended_usage(const Certificate& c, std::size_t i) {
    const auto& usage = c.extended_key_usage;
    const bool server = in_.question->purpose == Purpose::Server;
    if (!usage || (server ? usage->server_auth : usage->client_auth) ||
        (rules_.server_gated_crypto && !wrong_extended_key_usage(c, in_.question->purpose))) {
      return;
    }
    // mozpkix and webpki want the very purpose; the others take anyExtendedKeyUsage for it.
    const bool any_counts =
        in_.profile->engine != Engine::WebPki && in_.profile->engine != Engine::Nss;
    if (!(usage->any && any_counts)) {
      add("wrong-eku", server ? "wrong-eku-server" : "wrong-eku-client", i);
    }
  }

  void check_ca(const CertificateFacts& facts, std::size_t i, std::size_t below) {
    const Certificate& c = *facts.certificate;
    const auto& basic = c.basic_constraints;
    if (!is_anchor(i) || rules_.anchor_must_be_ca) {
      const bool old_root =
          is_anchor(i) && !basic && (c.version < 3 || rules_.anchor_without_basic_constraints);
      if (!old_root && (!basic || !basic->ca)) {
        add("not-a-ca", "not-a-ca", i);
      }
      if (rules_.checks_ca_key_usage && (facts.key_usage & x509::kKeyCertSign) == 0) {
        add("missing-key-usage", "no-cert-sign", i);
      }
    }
    if (!constrained(i)) {
      return;
    }
    if (basic && basic->path_length && below > *basic->path_length) {
      add("path-length", "path-length", i, std::to_string(*basic->path_length));
    }
    if (rules_.checks_ca_eku) {
      check_extended_usage(c, i);
    }
  }

  void check_all_constraints() {
    std::uint64_t work = 0;
    for (std::size_t ca = path_.chain.size(); ca-- > 1;) {
      const auto& constraints = path_.chain[ca]->certificate->name_constraints;
      if (!constraints || (is_anchor(ca) && !rules_.anchor_name_constraints_checked)) {
        continue;
      }
      for (std::size_t i = 0; i < ca; ++i) {
        const CertificateFacts& facts = *path_.chain[i];
        if (i > 0 && facts.self_issued) {
          continue;
        }
        if (++work > kMaxPathLengthSquared) {
          add("resource-limit", "resource-limit", ca);
          return;
        }
        check_constraint(*constraints, facts, i);
      }
    }
  }

  void check_constraint(const x509::NameConstraints& constraints, const CertificateFacts& facts,
                        std::size_t i) {
    ConstraintResult result;
    if (rules_.handles_directory_constraints) {
      result = check_constraints(*facts.certificate, constraints);
    } else {
      x509::NameConstraints others = constraints;
      others.permitted.directory.clear();
      others.excluded.directory.clear();
      result = check_constraints(*facts.certificate, others);
    }
    switch (result.verdict) {
      case ConstraintVerdict::Allowed:
        break;
      case ConstraintVerdict::NotPermitted:
        add("name-constraints", "not-permitted", i, result.name);
        break;
      case ConstraintVerdict::Excluded:
        add("name-constraints", "excluded", i, result.name);
        break;
      case ConstraintVerdict::UnsupportedName:
      case ConstraintVerdict::UnsupportedConstraint:
        add("name-constraints", "constraint-syntax", i, result.name);
        break;
      case ConstraintVerdict::TooMuchWork:
        add("resource-limit", "resource-limit", i);
        break;
    }
  }

  void check_staple() {
    const Question& question = *in_.question;
    const Certificate& leaf = *path_.chain.front()->certificate;
    if (rules_.requires_must_staple && leaf.must_staple && question.ocsp_staple.empty()) {
      add("profile-violation", "must-staple", 0);
    }
    if (rules_.checks_stapled_ocsp && !question.ocsp_staple.empty() && path_.chain.size() > 1 &&
        read_ocsp(question.ocsp_staple, leaf, *path_.chain[1]->certificate, question.at).status ==
            OcspStatus::Revoked) {
      add("revoked", "revoked", 0);
    }
  }

  void check_name() {
    const std::string& name = in_.question->name;
    if (name.empty()) {
      return;
    }
    switch (match_name(*path_.chain.front()->certificate, name, rules_.host_rules,
                       rules_.common_name)) {
      case NameVerdict::Match:
        break;
      case NameVerdict::Mismatch:
        add("hostname-mismatch", "hostname-mismatch", 0, name);
        break;
      case NameVerdict::NoSan:
        add("no-san", ip_octets(name).empty() ? "no-san" : "no-san-address", 0, name);
        break;
    }
  }

  static constexpr std::uint64_t kMaxPathLengthSquared = 256;

  const Inputs& in_;
  const VerifyRules& rules_;
  FoundPath& path_;
};

}  // namespace

void apply_policy(const Inputs& inputs, FoundPath& path) {
  Policy(inputs, path).run();
}

}  // namespace medic::verify
