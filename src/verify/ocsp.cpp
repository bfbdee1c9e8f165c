// OCSP, RFC 6960: a response counts only when the issuer, or a delegate with id-kp-OCSPSigning that
// the issuer certified, signed it, when it is about this certificate, and when it is current.

#include <fmt/core.h>

#include <array>

#include "verify/openssl_handles.h"
#include "verify/revocation.h"

namespace medic::verify {
namespace {

// Clock differences between a responder and us that are let pass; OCSP_check_validity(3) calls for
// one.
constexpr long kClockToleranceSeconds = 300;

OcspAnswer unverified(std::string problem) {
  return {.status = OcspStatus::Unverified, .problem = std::move(problem)};
}

std::optional<Time> time_of(const ASN1_GENERALIZEDTIME* time) {
  std::tm broken{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken) != 1) {
    return std::nullopt;
  }
  return Time(std::chrono::seconds(timegm(&broken)));
}

// thisUpdate <= at <= nextUpdate, with the tolerance. OCSP_check_validity() knows only the real
// clock.
bool current(const ASN1_GENERALIZEDTIME* from, const ASN1_GENERALIZEDTIME* until, Time at) {
  const std::chrono::seconds tolerance(kClockToleranceSeconds);
  const std::optional<Time> first = time_of(from);
  const std::optional<Time> last = time_of(until);
  return first && *first <= at + tolerance && (!last || at <= *last + tolerance);
}

// The chain of a delegated signer is one certificate: trust exactly the issuer.
bool signed_for(OCSP_BASICRESP& basic, X509& issuer, Time at) {
  const StorePtr store(X509_STORE_new());
  const StackPtr untrusted(sk_X509_new_null());
  if (store == nullptr || untrusted == nullptr || X509_STORE_add_cert(store.get(), &issuer) != 1 ||
      X509_up_ref(&issuer) != 1) {
    return false;
  }
  if (sk_X509_push(untrusted.get(), &issuer) == 0) {
    X509_free(&issuer);
    return false;
  }
  X509_VERIFY_PARAM* param = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_time(param, at.time_since_epoch().count());
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
  return OCSP_basic_verify(&basic, untrusted.get(), store.get(), OCSP_TRUSTOTHER) == 1;
}

OcspAnswer status_of(OCSP_BASICRESP& basic, X509& certificate, X509& issuer, Time at) {
  for (int i = 0; i < OCSP_resp_count(&basic); ++i) {
    OCSP_SINGLERESP* single = OCSP_resp_get0(&basic, i);
    ASN1_OBJECT* hash = nullptr;
    auto* asked = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single));
    if (OCSP_id_get0_info(nullptr, &hash, nullptr, nullptr, asked) != 1) {
      continue;
    }
    const EVP_MD* digest = EVP_get_digestbyobj(hash);
    const OcspIdPtr ours(digest == nullptr ? nullptr
                                           : OCSP_cert_to_id(digest, &certificate, &issuer));
    if (ours == nullptr || OCSP_id_cmp(ours.get(), asked) != 0) {
      continue;
    }
    int reason = -1;
    ASN1_GENERALIZEDTIME* revoked_at = nullptr;
    ASN1_GENERALIZEDTIME* from = nullptr;
    ASN1_GENERALIZEDTIME* until = nullptr;
    const int status = OCSP_single_get0_status(single, &reason, &revoked_at, &from, &until);
    if (!current(from, until, at)) {
      return unverified("the response is not current");
    }
    OcspAnswer answer;
    if (status == V_OCSP_CERTSTATUS_GOOD) {
      answer.status = OcspStatus::Good;
    } else if (status == V_OCSP_CERTSTATUS_REVOKED) {
      answer.status = OcspStatus::Revoked;
      answer.revoked_at = time_of(revoked_at);
      answer.reason = reason >= 0 ? OCSP_crl_reason_str(reason) : "";
    } else {
      answer.status = OcspStatus::Unknown;
    }
    return answer;
  }
  return unverified("the response is about another certificate");
}

}  // namespace

OcspAnswer read_ocsp(ByteView response, const x509::Certificate& certificate,
                     const x509::Certificate& issuer, Time at) {
  const unsigned char* bytes = response.data();
  const OcspResponsePtr parsed(
      d2i_OCSP_RESPONSE(nullptr, &bytes, static_cast<long>(response.size())));
  if (parsed == nullptr) {
    return {.status = OcspStatus::Unreadable, .problem = "not an OCSP response"};
  }
  if (const int status = OCSP_response_status(parsed.get());
      status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return unverified(fmt::format("the responder answers '{}'", OCSP_response_status_str(status)));
  }
  const OcspBasicPtr basic(OCSP_response_get1_basic(parsed.get()));
  const X509Ptr subject = parsed_certificate(certificate.der);
  const X509Ptr signer = parsed_certificate(issuer.der);
  if (basic == nullptr || subject == nullptr || signer == nullptr) {
    return {.status = OcspStatus::Unreadable, .problem = "not a basic OCSP response"};
  }
  if (!signed_for(*basic, *signer, at)) {
    return unverified("the response is not signed by the issuer or its delegate");
  }
  return status_of(*basic, *subject, *signer, at);
}

OcspAnswer fetch_ocsp(evidence::World& world, const x509::Certificate& certificate,
                      const x509::Certificate& issuer, Time at, const FetchLimits& limits) {
  OcspAnswer last;
  const X509Ptr subject = parsed_certificate(certificate.der);
  const X509Ptr signer = parsed_certificate(issuer.der);
  const OcspRequestPtr request(OCSP_REQUEST_new());
  if (subject == nullptr || signer == nullptr || request == nullptr) {
    last.problem = "no request can be made for this certificate";
    return last;
  }
  // SHA-1 names the issuer here, it protects nothing (RFC 5019 section 2.1.1 demands it).
  if (OCSP_request_add0_id(request.get(),
                           OCSP_cert_to_id(EVP_sha1(), subject.get(), signer.get())) == nullptr) {
    return last;
  }
  const int length = i2d_OCSP_REQUEST(request.get(), nullptr);
  Bytes body(length > 0 ? static_cast<std::size_t>(length) : 0U);
  unsigned char* out = body.data();
  if (length <= 0 || i2d_OCSP_REQUEST(request.get(), &out) != length) {
    return last;
  }
  std::size_t tried = 0;
  for (const std::string& url : certificate.ocsp_urls) {
    if (!url.starts_with("http://") || tried++ == limits.urls) {
      continue;
    }
    const evidence::Fetched fetched = world.fetch({.url = url,
                                                   .purpose = "ocsp",
                                                   .body = body,
                                                   .content_type = "application/ocsp-request",
                                                   .max_bytes = 64U * 1024U,
                                                   .allow_private = limits.allow_private});
    if (!fetched.error.empty() || fetched.status != 200) {
      last.problem = fetched.error.empty() ? fmt::format("HTTP status {}", fetched.status)
                                           : escaped(fetched.error);
      last.url = url;
      continue;
    }
    OcspAnswer answer = read_ocsp(fetched.body, certificate, issuer, at);
    answer.url = url;
    if (answer.status != OcspStatus::Unreadable) {
      return answer;
    }
    last = std::move(answer);
  }
  return last;
}

std::vector<Bytes> fetch_crls(evidence::World& world, const x509::Certificate& certificate,
                              const FetchLimits& limits, std::vector<std::string>& problems) {
  std::vector<Bytes> crls;
  std::size_t tried = 0;
  for (const std::string& url : certificate.crl_urls) {
    if (!url.starts_with("http://") || tried++ == limits.urls) {
      continue;
    }
    // The largest public CRLs are some megabytes.
    evidence::Fetched fetched = world.fetch({.url = url,
                                             .purpose = "crl",
                                             .max_bytes = 16U * 1024U * 1024U,
                                             .allow_private = limits.allow_private});
    if (!fetched.error.empty() || fetched.status != 200) {
      problems.push_back(fmt::format("{}: {}", escaped(url),
                                     fetched.error.empty()
                                         ? fmt::format("HTTP status {}", fetched.status)
                                         : escaped(fetched.error)));
      continue;
    }
    const CrlPtr crl = parsed_crl(fetched.body);
    if (crl == nullptr) {
      problems.push_back(fmt::format("{}: not a CRL in DER", escaped(url)));
      continue;
    }
    if (!is_complete(*crl)) {
      problems.push_back(fmt::format(
          "{}: an indirect, delta or partial list, which is not read: untested", escaped(url)));
      continue;
    }
    crls.push_back(std::move(fetched.body));
  }
  return crls;
}

}  // namespace medic::verify
