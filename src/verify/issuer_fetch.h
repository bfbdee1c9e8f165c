#pragma once

// Issuers that a server does not send, fetched where its certificates say (AIA caIssuers, RFC 5280
// section 4.2.2.1): DER, PEM or PKCS#7, by plain HTTP only, bounded in number, size and depth. The
// answers are candidates, nothing more: a fetched certificate is trusted by nobody.

#include <string>
#include <vector>

#include "evidence/world.h"
#include "verify/revocation.h"
#include "x509/certificate.h"

namespace medic::verify {

struct FetchedIssuers {
  std::vector<x509::CertificatePtr> certificates;
  struct Source {
    std::string url;
    std::size_t certificates = 0;
    std::string problem;  // empty: it worked; English, foreign text escaped
  };
  std::vector<Source> sources;  // every URL asked, in order
};

// From the last certificate of `chain` for which no issuer is there, upwards, until a self-issued
// certificate, a dead end, or the bounds below.
FetchedIssuers fetch_issuers(evidence::World& world, const std::vector<x509::CertificatePtr>& chain,
                             const FetchLimits& limits);

inline constexpr std::size_t kMaxIssuerSteps = 5;
inline constexpr std::uint32_t kMaxIssuerBytes = 256U * 1024U;
// Of one answer; a PKCS#7 may hold a whole chain.
inline constexpr std::size_t kMaxIssuersPerAnswer = 16;

}  // namespace medic::verify
