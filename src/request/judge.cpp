#include "request/judge.h"

#include <fmt/core.h>
#include <openssl/x509_vfy.h>

#include <utility>

#include "base/check.h"
#include "verify/revocation.h"
#include "x509/certificate.h"

namespace medic::request {
namespace {

// OpenSSL's verifier knows its own clients' rules; for every other engine it runs as a plain
// OpenSSL client would.
const profiles::Profile& reference_profile(const profiles::Profile& profile) {
  if (profile.engine == profiles::Engine::OpenSsl) {
    return profile;
  }
  const profiles::Profile* const plain = profiles::find_profile("openssl");
  MEDIC_CHECK(plain != nullptr);
  return *plain;
}

}  // namespace

verify::Question Judge::question() const {
  verify::Question question;
  question.chain = chain_;
  question.name = name_;
  question.at = clock_->now();
  question.profile = trust_->profile;
  question.anchors = trust_->anchors.get();
  return question;
}

int Judge::refuse(int error, std::string words) {
  refusal_ = std::move(words);
  verdict_.pass = false;
  return error == X509_V_OK ? X509_V_ERR_UNSPECIFIED : error;
}

int Judge::judge(const std::vector<Bytes>& chain) {
  asked_ = true;
  chain_.clear();
  refusal_.clear();
  for (const Bytes& der : chain) {
    auto certificate = x509::parse_certificate(der);
    if (!certificate) {
      return refuse(X509_V_ERR_UNSPECIFIED, certificate.error().what);
    }
    chain_.push_back(*std::move(certificate));
  }
  if (chain_.empty() || name_.empty()) {
    return refuse(X509_V_ERR_UNSPECIFIED, "no certificate, or no name to compare it with");
  }
  verify::Question asked = question();
  verdict_ = verify::judge(asked);
  if (!verdict_.pass) {
    const bool named = !verdict_.faults.empty();
    return refuse(named ? verdict_.faults.front().openssl_error : X509_V_ERR_UNSPECIFIED,
                  named ? verdict_.faults.front().id : "refused");
  }
  asked.profile = &reference_profile(*trust_->profile);
  const verify::ReferenceVerdict reference = verify::openssl_verdict(asked);
  if (reference.unreadable || !reference.pass) {
    return refuse(reference.error,
                  fmt::format("OpenSSL refuses it: {}",
                              reference.unreadable ? "it cannot read the chain" : reference.text));
  }
  return X509_V_OK;
}

bool Judge::accepts_staple(ByteView staple) {
  if (staple.empty()) {
    return true;
  }
  verify::Question asked = question();
  asked.ocsp_staple.assign(staple.begin(), staple.end());
  if (verify::Verdict again = verify::judge(asked); !again.pass) {
    verdict_ = std::move(again);
    refuse(X509_V_ERR_UNSPECIFIED,
           verdict_.faults.empty() ? "refused" : verdict_.faults.front().id);
    return false;
  }
  // Whatever the profile looks at: who shows a statement that his certificate is revoked is
  // believed.
  const std::vector<x509::CertificatePtr>& path = verdict_.paths.front().certificates;
  if (path.size() > 1 && verify::read_ocsp(staple, *path[0], *path[1], asked.at).status ==
                             verify::OcspStatus::Revoked) {
    refuse(X509_V_ERR_CERT_REVOKED, "revoked");
    return false;
  }
  return true;
}

}  // namespace medic::request
