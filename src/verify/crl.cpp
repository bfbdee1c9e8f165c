// CRLs as OpenSSL 3.0 checks them along a chain (x509_vfy.c check_revocation) without
// X509_V_FLAG_EXTENDED_CRL_SUPPORT and X509_V_FLAG_USE_DELTAS: complete lists, signed by the
// certificate's own issuer. An indirect or delta list, and one for some reasons only, is as good as
// none: "not on it" says nothing, and no client of ours reads it either. One for other certificates
// (users, CAs) is looked at last and is a fault of its own.

#include <algorithm>
#include <memory>

#include "verify/openssl_errors.h"
#include "verify/openssl_handles.h"
#include "verify/revocation.h"

namespace medic::verify {
namespace {

using ScopePtr = Handle<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free>;

ScopePtr scope_of(const X509_CRL& crl) {
  return ScopePtr(static_cast<ISSUING_DIST_POINT*>(
      X509_CRL_get_ext_d2i(&crl, NID_issuing_distribution_point, nullptr, nullptr)));
}

// RFC 5280 section 5.2.5: lists of users' certificates, CAs' certificates, attribute certificates.
bool is_for(const X509_CRL& crl, const CertificateFacts& certificate) {
  const ScopePtr scope = scope_of(crl);
  if (scope == nullptr) {
    return true;
  }
  const auto& constraints = certificate.certificate->basic_constraints;
  const bool ca = constraints.has_value() && constraints->ca;
  return scope->onlyattr <= 0 && (ca ? scope->onlyuser : scope->onlyCA) <= 0;
}

class CrlCheck {
 public:
  CrlCheck(const Inputs& inputs, const std::vector<const CertificateFacts*>& chain)
      : in_(inputs), chain_(chain) {
    for (const Bytes& der : inputs.question->crls) {
      if (CrlPtr crl = parsed_crl(der)) {
        crls_.push_back(std::move(crl));
      }
    }
  }

  std::vector<Found> run(bool hard) {
    hard_ = hard;
    // The anchor at the end is not looked up unless it is alone (a partial chain of one).
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      check(i);
    }
    return std::move(found_);
  }

 private:
  void add(int error, std::size_t depth) {
    if (!hard_ && error != X509_V_ERR_CERT_REVOKED) {
      return;
    }
    Found found = found_for(error, chain_[depth], in_.question->purpose);
    found.depth = static_cast<int>(depth);
    found_.push_back(std::move(found));
  }

  [[nodiscard]] int time_error(const X509_CRL& crl) const {
    std::time_t at = in_.at;
    if (X509_cmp_time(X509_CRL_get0_lastUpdate(&crl), &at) > 0) {
      return X509_V_ERR_CRL_NOT_YET_VALID;
    }
    const ASN1_TIME* next = X509_CRL_get0_nextUpdate(&crl);
    if (next != nullptr && X509_cmp_time(next, &at) < 0) {
      return X509_V_ERR_CRL_HAS_EXPIRED;
    }
    return X509_V_OK;
  }

  // The CRL's authority key identifier, if there is one, names this issuer's key.
  static bool by_this_key(const X509_CRL& crl, X509& issuer) {
    const KeyIdPtr id(static_cast<AUTHORITY_KEYID*>(
        X509_CRL_get_ext_d2i(&crl, NID_authority_key_identifier, nullptr, nullptr)));
    // For its effect: X509_check_akid() compares what this call has read.
    static_cast<void>(X509_check_purpose(&issuer, -1, 0));
    return X509_check_akid(&issuer, id.get()) == X509_V_OK;
  }

  // The CRL of this issuer: one that is about this certificate and current, as far as there is one.
  X509_CRL* crl_of(X509& issuer, const CertificateFacts& certificate) {
    const auto worth = [&](const X509_CRL& crl) {
      return (is_for(crl, certificate) ? 2 : 0) + (time_error(crl) == X509_V_OK ? 1 : 0);
    };
    X509_CRL* best = nullptr;
    for (const CrlPtr& crl : crls_) {
      if (X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_subject_name(&issuer)) != 0) {
        continue;
      }
      if (!is_complete(*crl) || !by_this_key(*crl, issuer)) {
        continue;
      }
      if (best == nullptr || worth(*crl) > worth(*best)) {
        best = crl.get();
      }
    }
    return best;
  }

  void check(std::size_t i) {
    const std::size_t above = std::min(i + 1, chain_.size() - 1);
    const CertificateFacts& issuer = *chain_[above];
    const X509Ptr certificate = parsed_certificate(chain_[i]->certificate->der);
    const X509Ptr issuer_x509 = parsed_certificate(issuer.certificate->der);
    if (certificate == nullptr || issuer_x509 == nullptr) {
      return;
    }
    // Of a chain without its root nobody knows who issues the CRL of the last one.
    X509_CRL* crl =
        i + 1 < chain_.size() || issuer.self_signed ? crl_of(*issuer_x509, *chain_[i]) : nullptr;
    if (crl == nullptr) {
      add(X509_V_ERR_UNABLE_TO_GET_CRL, i);
      return;
    }
    if (!is_for(*crl, *chain_[i])) {
      add(X509_V_ERR_DIFFERENT_CRL_SCOPE, i);
    }
    if ((issuer.key_usage & x509::kCrlSign) == 0) {
      add(X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, i);
    }
    if (const int error = time_error(*crl); error != X509_V_OK) {
      add(error, i);
    }
    EVP_PKEY* key = X509_get0_pubkey(issuer_x509.get());
    if (key == nullptr || X509_CRL_verify(crl, key) <= 0) {
      add(X509_V_ERR_CRL_SIGNATURE_FAILURE, i);
      return;  // what an unsigned list says about the certificate counts for nothing
    }
    X509_REVOKED* entry = nullptr;
    // 2: removed from the list again (RFC 5280 section 5.3.1 removeFromCRL).
    if (X509_CRL_get0_by_cert(crl, &entry, certificate.get()) == 1) {
      add(X509_V_ERR_CERT_REVOKED, i);
    }
  }

  const Inputs& in_;
  const std::vector<const CertificateFacts*>& chain_;
  std::vector<CrlPtr> crls_;
  std::vector<Found> found_;
  bool hard_ = false;
};

}  // namespace

bool is_complete(const X509_CRL& crl) {
  if (X509_CRL_get_ext_by_NID(&crl, NID_delta_crl, -1) >= 0) {
    return false;
  }
  if (X509_CRL_get_ext_by_NID(&crl, NID_issuing_distribution_point, -1) < 0) {
    return true;
  }
  const ScopePtr scope = scope_of(crl);
  return scope != nullptr && scope->indirectCRL <= 0 && scope->onlysomereasons == nullptr;
}

std::vector<Found> revocation_faults(const Inputs& inputs,
                                     const std::vector<const CertificateFacts*>& chain,
                                     bool anchored) {
  const Question& question = *inputs.question;
  if (question.revocation == Revocation::Off || question.crls.empty() || !anchored) {
    return {};
  }
  return CrlCheck(inputs, chain).run(question.revocation == Revocation::Hard);
}

}  // namespace medic::verify
