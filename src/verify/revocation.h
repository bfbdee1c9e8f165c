#pragma once

// Has the issuer withdrawn a certificate? CRLs as files or bytes, OCSP responses stapled or
// fetched. OpenSSL's readers are used: neither is on a hot path.

#include <optional>
#include <string>
#include <vector>

#include "evidence/world.h"
#include "verify/inputs.h"

namespace medic::verify {

// CRL checks of a chain as OpenSSL makes them with X509_V_FLAG_CRL_CHECK_ALL (Revocation::Hard), or
// only "revoked" (Revocation::Soft); nothing with Revocation::Off or without CRLs.
std::vector<Found> revocation_faults(const Inputs& inputs,
                                     const std::vector<const CertificateFacts*>& chain,
                                     bool anchored);

enum class OcspStatus {
  Good,
  Revoked,
  Unknown,     // the responder does not know the certificate
  Unverified,  // bad signature, not for this certificate, or too old: says nothing
  Unreadable,
  NotAsked,  // no responder, or it could not be reached
};

struct OcspAnswer {
  OcspStatus status = OcspStatus::NotAsked;
  std::optional<Time> revoked_at;
  std::string reason;   // "keyCompromise", ...; empty: not given
  std::string problem;  // why the answer says nothing, in English; foreign text escaped
  std::string url;
};

// A DER OCSPResponse about `certificate`, signed by `issuer` or by a delegate it certified.
OcspAnswer read_ocsp(ByteView response, const x509::Certificate& certificate,
                     const x509::Certificate& issuer, Time at);

// What fetching may do on behalf of a certificate: its URLs are the attacker's.
struct FetchLimits {
  bool allow_private = false;  // only when the target itself is at such an address
  std::size_t urls = 3;        // tried per certificate
};

// Asks the responders of `certificate`'s AIA in order until one answers readably.
OcspAnswer fetch_ocsp(evidence::World& world, const x509::Certificate& certificate,
                      const x509::Certificate& issuer, Time at, const FetchLimits& limits);
// The CRLs of `certificate`'s distribution points (DER); problems are put in `problems`.
std::vector<Bytes> fetch_crls(evidence::World& world, const x509::Certificate& certificate,
                              const FetchLimits& limits, std::vector<std::string>& problems);

}  // namespace medic::verify
