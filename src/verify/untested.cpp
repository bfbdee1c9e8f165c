#include <algorithm>

#include "verify/openssl_handles.h"
#include "verify/verify.h"

namespace medic::verify {
namespace {

// RFC 5280 sections 4.2.1.11 and 4.2.1.14. Without one of these a path is valid whatever policies
// its certificates name.
bool constrains_policies(const x509::Certificate& certificate) {
  return std::any_of(certificate.extensions.begin(), certificate.extensions.end(),
                     [](const x509::Extension& extension) {
                       return extension.oid == "2.5.29.36" || extension.oid == "2.5.29.54";
                     });
}

}  // namespace

std::vector<Untested> untested(const Question& question, const Verdict& verdict) {
  std::vector<Untested> out;
  // Clients of OpenSSL's family do not ask for X509_V_FLAG_POLICY_CHECK: for them nothing is left
  // out.
  if (question.profile->engine != profiles::Engine::OpenSsl && !verdict.paths.empty()) {
    for (const x509::CertificatePtr& certificate : verdict.paths.front().certificates) {
      if (constrains_policies(*certificate)) {
        out.push_back(
            {.id = "certificate-policies", .subject = escaped(certificate->subject.display())});
        break;
      }
    }
  }
  for (const Bytes& der : question.crls) {
    const CrlPtr crl = parsed_crl(der);
    if (crl != nullptr && !is_complete(*crl)) {
      out.push_back({.id = "partial-crl", .subject = {}});
      break;
    }
  }
  return out;
}

}  // namespace medic::verify
