#include "verify/openssl_engine.h"

#include <openssl/x509_vfy.h>

#include <algorithm>

#include "verify/host_match.h"
#include "verify/name_constraints.h"
#include "verify/openssl_errors.h"
#include "verify/revocation.h"

namespace medic::verify {
namespace {

using profiles::CommonName;
using profiles::HostRules;
using profiles::VerifyRules;
using x509::Certificate;

// X509_VERIFY_PARAM "default": depth 100.
constexpr std::size_t kMaxDepth = 100;
constexpr int kLevelBits[] = {0, 80, 112, 128, 192, 256};  // SSL_CTX_set_security_level(3)

class Engine {
 public:
  explicit Engine(const Inputs& inputs)
      : in_(inputs),
        rules_(inputs.profile->verify),
        level_bits_(kLevelBits[std::min<std::uint32_t>(rules_.security_level, 5)]) {}

  FoundPath run() {
    chain_.push_back(in_.sent.front());
    untrusted_ = 1;
    if (level_bits_ > 0 && leaf().key_security_bits < level_bits_) {
      add(X509_V_ERR_EE_KEY_TOO_SMALL, 0);
    }
    build_chain();
    if (!path_.aborted) {
      check_chain();
    }
    path_.chain = std::move(chain_);
    return std::move(path_);
  }

 private:
  [[nodiscard]] const CertificateFacts& leaf() const { return *chain_.front(); }
  [[nodiscard]] bool checks_name_inside() const {
    return rules_.host_rules == HostRules::OpenSsl ||
           rules_.host_rules == HostRules::OpenSslPartialWildcards;
  }

  void add(int error, std::size_t depth, std::string fact = {}) {
    add(error, depth, chain_[depth], std::move(fact));
  }
  void add(int error, std::size_t depth, const CertificateFacts* certificate,
           std::string fact = {}) {
    Found found = found_for(error, certificate, in_.question->purpose);
    found.depth = static_cast<int>(depth);
    found.fact = std::move(fact);
    if (depth > 0 && found.id == "missing-key-usage" && error == X509_V_ERR_INVALID_PURPOSE) {
      found.id = "not-a-ca";
      found.detail = "not-a-ca";
    }
    path_.faults.push_back(std::move(found));
  }

  // x509_check_cert_time: notAfter itself is already too late.
  [[nodiscard]] bool in_time(const CertificateFacts& c) const {
    return !c.bad_not_before && !c.bad_not_after && c.not_before <= in_.at && in_.at < c.not_after;
  }

  [[nodiscard]] bool in_chain(const CertificateFacts* candidate) const {
    return std::find(chain_.begin(), chain_.end(), candidate) != chain_.end();
  }

  // The first fitting issuer that is valid now, else the one that expires last.
  template <class Candidates, class Facts>
  const typename Candidates::value_type* best_issuer(const Candidates& candidates, Facts facts_of,
                                                     const CertificateFacts& child,
                                                     bool no_duplicates) const {
    const typename Candidates::value_type* best = nullptr;
    for (const auto& candidate : candidates) {
      const CertificateFacts* facts = facts_of(candidate);
      const bool may_repeat = child.self_issued && chain_.size() == 1;
      if (!likely_issued(child, *facts) || (no_duplicates && !may_repeat && in_chain(facts))) {
        continue;
      }
      if (in_time(*facts)) {
        return &candidate;
      }
      if (best == nullptr || facts->not_after > facts_of(*best)->not_after) {
        best = &candidate;
      }
    }
    return best;
  }

  const StoreView::Entry* trusted_issuer(const CertificateFacts& child) {
    return best_issuer(
        in_.store->by_subject(child.issuer_id, child.certificate->issuer.canonical),
        [](const StoreView::Entry& entry) { return entry.facts; }, child, false);
  }

  // check_trust: a self-signed certificate of the store is trusted; any of it with a partial chain.
  bool trusted(std::size_t from) {
    for (std::size_t i = from; i < chain_.size(); ++i) {
      if (chain_[i]->self_signed && !chain_[i]->invalid) {
        return true;
      }
    }
    if (from < chain_.size()) {
      return rules_.partial_chain;
    }
    if (untrusted_ == chain_.size() && rules_.partial_chain) {
      if (const StoreView::Entry* entry = in_.store->same(leaf())) {
        path_.anchor_source = entry->source;
        untrusted_ = 0;
        return true;
      }
    }
    return false;
  }

  enum class Step { Trusted, GoOn, NoTrustedIssuer, Aborted };

  // One step up through the store.
  Step extend_by_store(bool& look_at_sent) {
    const CertificateFacts& top = *chain_.back();
    const StoreView::Entry* issuer = chain_.size() > kMaxDepth + 1 ? nullptr : trusted_issuer(top);
    if (issuer == nullptr) {
      return Step::NoTrustedIssuer;
    }
    if (!top.key_readable) {
      path_.aborted = true;  // X509_self_signed() fails: an internal error
      add(X509_V_ERR_UNSPECIFIED, chain_.size() - 1);
      return Step::Aborted;
    }
    std::size_t checked_from = chain_.size();
    bool self_signed = top.self_signed;
    if (!self_signed) {
      chain_.push_back(issuer->facts);
      self_signed = issuer->facts->self_signed;
    } else if (issuer->facts != &top) {
      return Step::NoTrustedIssuer;  // the same name, another certificate
    } else {
      untrusted_ = --checked_from;
    }
    path_.anchor_source = issuer->source;
    look_at_sent = false;
    if (trusted(checked_from)) {
      return Step::Trusted;
    }
    return self_signed ? Step::NoTrustedIssuer : Step::GoOn;
  }

  bool extend_by_sent(std::vector<const CertificateFacts*>& pool) {
    const CertificateFacts& top = *chain_.back();
    if ((top.self_signed && !top.invalid) || chain_.size() > kMaxDepth + 1) {
      return false;
    }
    const auto* issuer =
        best_issuer(pool, [](const CertificateFacts* facts) { return facts; }, top, true);
    if (issuer == nullptr) {
      return false;
    }
    chain_.push_back(*issuer);
    ++untrusted_;
    pool.erase(pool.begin() + (issuer - pool.data()));
    return true;
  }

  void build_chain() {
    std::vector<const CertificateFacts*> pool = in_.sent;
    bool look_at_sent = true;
    bool found = false;
    while (!found) {
      const Step step = extend_by_store(look_at_sent);
      if (step == Step::Aborted) {
        return;
      }
      if (step == Step::Trusted) {
        found = true;
      } else if (step == Step::NoTrustedIssuer && (!look_at_sent || !extend_by_sent(pool))) {
        break;
      }
    }
    if (!found && untrusted_ == chain_.size() && chain_.size() <= kMaxDepth + 1) {
      found = trusted(untrusted_);
    }
    path_.anchored = found;
    if (!found) {
      path_.anchor_source.clear();
      report_untrusted();
    }
  }

  void report_untrusted() {
    const std::size_t depth = chain_.size() - 1;
    const int earlier = path_.faults.empty() ? X509_V_OK : path_.faults.back().openssl_error;
    add_untrusted(depth);
    if (earlier != X509_V_OK) {
      // build_chain() repeats an error that a callback let pass ("a preliminary error").
      path_.faults.back().openssl_error = earlier;
    }
  }

  void add_untrusted(std::size_t depth) {
    if (chain_.size() > kMaxDepth + 1) {
      add(X509_V_ERR_CERT_CHAIN_TOO_LONG, depth);
    } else if (chain_.back()->self_signed && !chain_.back()->invalid) {
      add(depth == 0 ? X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT
                     : X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
          depth);
    } else {
      add(untrusted_ < chain_.size() ? X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT
                                     : X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
          depth);
    }
  }

  void check_chain() {
    check_extensions();
    check_level();
    if (checks_name_inside()) {
      check_name();
    }
    if (!leaf().key_readable) {
      return;  // X509_get_pubkey_parameters() fails, and no callback is asked
    }
    check_revocation();
    check_signatures_and_dates();
    check_name_constraints();
    if (!checks_name_inside()) {
      check_name();
    }
  }

  void check_extensions() {
    std::size_t intermediates = 0;
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      const CertificateFacts& c = *chain_[i];
      if (!c.certificate->unknown_critical.empty()) {
        add(X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, i, c.certificate->unknown_critical.front());
      }
      if (c.proxy) {
        add(X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED, i);
      }
      if (wrong_ca(c, i)) {
        add(X509_V_ERR_INVALID_CA, i);
      }
      if (chain_.size() > 1) {
        check_key_form(c, i);
        if (rules_.strict) {
          check_strict(c, i);
        }
      }
      if (!purpose_fits(c, i)) {
        add(X509_V_ERR_INVALID_PURPOSE, i);
      }
      const auto& basic = c.certificate->basic_constraints;
      if (i > 1 && basic && basic->path_length && intermediates > *basic->path_length) {
        add(X509_V_ERR_PATH_LENGTH_EXCEEDED, i, std::to_string(*basic->path_length));
      }
      if (i > 0 && !c.self_issued) {
        ++intermediates;
      }
    }
  }

  [[nodiscard]] bool wrong_ca(const CertificateFacts& c, std::size_t i) const {
    if (i == 0) {
      return rules_.strict && c.ca != CaKind::Yes && c.ca != CaKind::No;
    }
    return c.ca == CaKind::No || ((i + 1 < chain_.size() || rules_.strict) && c.ca != CaKind::Yes);
  }

  void check_key_form(const CertificateFacts& c, std::size_t i) {
    if (!c.key_readable) {
      add(X509_V_ERR_UNSPECIFIED, i);
    } else if (c.certificate->public_key.curve == "explicit") {
      add(X509_V_ERR_EC_KEY_EXPLICIT_PARAMS, i);
    }
  }

  // X509_V_FLAG_X509_STRICT, RFC 5280 section 4.2 read literally.
  void check_strict(const CertificateFacts& facts, std::size_t i) {
    const Certificate& c = *facts.certificate;
    const bool ca = !facts.invalid && c.basic_constraints && c.basic_constraints->ca;
    const bool certificate_sign = c.key_usage && (c.key_usage->bits & x509::kKeyCertSign) != 0;
    if (c.basic_constraints && c.basic_constraints->path_length) {
      when(!ca, X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA, i);
      when(!certificate_sign, X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN, i);
    }
    when(ca && !c.basic_constraints->critical, X509_V_ERR_CA_BCONS_NOT_CRITICAL, i);
    if (ca) {
      when(!c.key_usage, X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, i);
    } else {
      when(certificate_sign, X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA, i);
    }
    check_strict_names(c, ca, i);
    when(!c.signature_algorithms_agree, X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY, i);
    when(c.authority_key_id && c.authority_key_id->critical,
         X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL, i);
    when(c.subject_key_id && c.subject_key_id_critical, X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL,
         i);
    if (c.version >= 3) {
      const bool key_id = c.authority_key_id && !c.authority_key_id->key_id.empty();
      when(i + 1 < chain_.size() && !key_id, X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER, i);
      when(ca && !c.subject_key_id, X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, i);
    } else {
      when(!c.extensions.empty(), X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3, i);
    }
  }

  void check_strict_names(const Certificate& c, bool ca, std::size_t i) {
    const bool crl_sign = c.key_usage && (c.key_usage->bits & x509::kCrlSign) != 0;
    when(c.issuer.empty(), X509_V_ERR_ISSUER_NAME_EMPTY, i);
    when((ca || crl_sign || !c.subject_alt_names) && c.subject.empty(),
         X509_V_ERR_SUBJECT_NAME_EMPTY, i);
    when(c.subject.empty() && c.subject_alt_names && !c.subject_alt_names_critical,
         X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL, i);
    when(c.subject_alt_names && c.subject_alt_names->empty(), X509_V_ERR_EMPTY_SUBJECT_ALT_NAME, i);
  }

  void when(bool broken, int error, std::size_t i) {
    if (broken) {
      add(error, i);
    }
  }

  // X509_check_purpose for TLS; an undecodable certificate counts as wrong only when strict.
  [[nodiscard]] bool purpose_fits(const CertificateFacts& c, std::size_t i) const {
    if (c.invalid) {
      return !rules_.strict;
    }
    return !wrong_extended_key_usage(*c.certificate, in_.question->purpose) &&
           (i > 0 ? ca_fits_tls(c) : leaf_usage_fits(c, in_.question->purpose));
  }

  void check_level() {
    if (level_bits_ == 0) {
      return;
    }
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      const CertificateFacts& c = *chain_[i];
      if (i > 0 && (!c.key_readable || c.key_security_bits < level_bits_)) {
        add(X509_V_ERR_CA_KEY_TOO_SMALL, i);
      }
      if (i + 1 < chain_.size() && c.signature_security_bits < level_bits_) {
        add(X509_V_ERR_CA_MD_TOO_WEAK, i, c.certificate->signature_algorithm.text);
      }
    }
  }

  void check_name() {
    const std::string& name = in_.question->name;
    if (name.empty()) {
      return;
    }
    const NameVerdict verdict =
        match_name(*leaf().certificate, name, rules_.host_rules, rules_.common_name);
    if (verdict == NameVerdict::Match) {
      return;
    }
    const bool address = !ip_octets(name).empty();
    add(address ? X509_V_ERR_IP_ADDRESS_MISMATCH : X509_V_ERR_HOSTNAME_MISMATCH, 0, name);
    if (verdict == NameVerdict::NoSan) {
      path_.faults.back().id = "no-san";
      path_.faults.back().detail = address ? "no-san-address" : "no-san";
    }
  }

  void check_revocation() {
    for (Found& found : revocation_faults(in_, chain_, path_.anchored)) {
      path_.faults.push_back(std::move(found));
    }
  }

  // internal_verify: from the root down, signature then dates of each.
  void check_signatures_and_dates() {
    std::size_t n = chain_.size() - 1;
    const CertificateFacts* issuer = chain_[n];
    const CertificateFacts* subject = issuer;
    if (!likely_issued(*issuer, *issuer) && !rules_.partial_chain) {
      if (n > 0) {
        subject = chain_[--n];
      } else {
        add(X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, 0);
      }
    }
    while (true) {
      if (subject != issuer) {
        check_edge(*subject, *issuer, n);
      }
      check_dates(*subject, n);
      if (n == 0) {
        return;
      }
      issuer = subject;
      subject = chain_[--n];
    }
  }

  void check_edge(const CertificateFacts& subject, const CertificateFacts& issuer, std::size_t n) {
    if ((issuer.key_usage & x509::kKeyCertSign) == 0) {
      add(X509_V_ERR_KEYUSAGE_NO_CERTSIGN, n + 1);
    }
    if (!issuer.key_readable) {
      add(X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, n + 1);
    } else if (!subject.certificate->signature_algorithms_agree ||
               in_.cache->check(subject, issuer) != x509::SignatureCheck::Good) {
      add(X509_V_ERR_CERT_SIGNATURE_FAILURE, n);
    }
  }

  void check_dates(const CertificateFacts& c, std::size_t n) {
    if (c.bad_not_before) {
      add(X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, n);
    } else if (c.not_before > in_.at) {
      add(X509_V_ERR_CERT_NOT_YET_VALID, n);
    }
    if (c.bad_not_after) {
      add(X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, n);
    } else if (c.not_after <= in_.at) {
      add(X509_V_ERR_CERT_HAS_EXPIRED, n);
    }
  }

  void check_name_constraints() {
    for (std::size_t n = chain_.size(); n-- > 0;) {
      const CertificateFacts& c = *chain_[n];
      if (n != 0 && c.self_issued) {
        continue;
      }
      for (std::size_t ca = chain_.size() - 1; ca > n; --ca) {
        const auto& constraints = chain_[ca]->certificate->name_constraints;
        if (constraints) {
          check_constraints_of(*constraints, c, n);
        }
      }
    }
  }

  void check_constraints_of(const x509::NameConstraints& constraints, const CertificateFacts& c,
                            std::size_t n) {
    ConstraintResult result = check_constraints(*c.certificate, constraints);
    if (result.verdict == ConstraintVerdict::Allowed && n == 0 && !c.has_dns_san &&
        common_name_checked()) {
      result = check_common_name_constraints(*c.certificate, constraints);
    }
    if (result.verdict != ConstraintVerdict::Allowed) {
      add(constraint_error(result.verdict), n, std::move(result.name));
    }
  }

  // X509_CHECK_FLAG_NEVER_CHECK_SUBJECT is what CommonName::Never sets.
  [[nodiscard]] bool common_name_checked() const { return rules_.common_name != CommonName::Never; }

  static int constraint_error(ConstraintVerdict verdict) {
    switch (verdict) {
      case ConstraintVerdict::NotPermitted:
        return X509_V_ERR_PERMITTED_VIOLATION;
      case ConstraintVerdict::Excluded:
        return X509_V_ERR_EXCLUDED_VIOLATION;
      case ConstraintVerdict::UnsupportedName:
        return X509_V_ERR_UNSUPPORTED_NAME_SYNTAX;
      case ConstraintVerdict::UnsupportedConstraint:
        return X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE;
      case ConstraintVerdict::TooMuchWork:
      case ConstraintVerdict::Allowed:
        break;
    }
    return X509_V_ERR_UNSPECIFIED;
  }

  const Inputs& in_;
  const VerifyRules& rules_;
  int level_bits_;
  std::vector<const CertificateFacts*> chain_;
  std::size_t untrusted_ = 0;
  FoundPath path_;
};

}  // namespace

FoundPath openssl_path(const Inputs& inputs) {
  return Engine(inputs).run();
}

}  // namespace medic::verify
