// CRLs as OpenSSL 3.0 checks them along a chain (x509_vfy.c check_revocation), for complete CRLs
// signed by the certificate's own issuer; indirect and delta CRLs are left out.

#include <algorithm>

#include "verify/openssl_errors.h"
#include "verify/openssl_handles.h"
#include "verify/revocation.h"

namespace medic::verify {
namespace {

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

  // The CRL of this issuer: one that is current, else the newest.
  X509_CRL* crl_of(X509& issuer) {
    X509_CRL* best = nullptr;
    for (const CrlPtr& crl : crls_) {
      if (X509_NAME_cmp(X509_CRL_get_issuer(crl.get()), X509_get_subject_name(&issuer)) != 0) {
        continue;
      }
      if (!by_this_key(*crl, issuer)) {
        continue;
      }
      const bool current = time_error(*crl) == X509_V_OK;
      if (best == nullptr || (current && time_error(*best) != X509_V_OK)) {
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
    X509_CRL* crl = i + 1 < chain_.size() || issuer.self_signed ? crl_of(*issuer_x509) : nullptr;
    if (crl == nullptr) {
      add(X509_V_ERR_UNABLE_TO_GET_CRL, i);
      return;
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
