#pragma once

// OCSP (RFC 6960): the request for one certificate, and responses read by our own DER reader. What
// a response *means* for a client is a policy's business (verify/).

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "x509/certificate.h"
#include "x509/signature.h"

namespace medic::x509 {

enum class OcspStatus { Good, Revoked, Unknown };

struct OcspSingle {
  HashAlgorithm hash = HashAlgorithm::Sha1;  // of the two hashes below
  Bytes issuer_name_hash;
  Bytes issuer_key_hash;
  Bytes serial;
  OcspStatus status = OcspStatus::Unknown;
  std::optional<Time> revoked_at;
  std::string reason;  // as RevokedEntry::reason
  Time this_update;
  std::optional<Time> next_update;
  bool bad_time = false;  // a time that OpenSSL would not take
};

// Never copied: its views point into `der`.
struct OcspResponse {
  OcspResponse() = default;
  OcspResponse(const OcspResponse&) = delete;
  OcspResponse& operator=(const OcspResponse&) = delete;
  OcspResponse(OcspResponse&&) = delete;
  OcspResponse& operator=(OcspResponse&&) = delete;
  ~OcspResponse() = default;

  Bytes der;
  // OCSPResponseStatus: 0 successful, 1 malformedRequest, 2 internalError, 3 tryLater, 5
  // sigRequired, 6 unauthorized. Everything below is there only when it is 0.
  std::uint32_t status = 0;
  std::vector<OcspSingle> singles;
  Name responder_name;       // empty: the responder is named by its key
  Bytes responder_key_hash;  // SHA-1; empty: named by name
  Time produced_at;
  std::vector<CertificatePtr> certificates;  // that parse; the others are dropped
  SignatureAlgorithm signature_algorithm;
  ByteView tbs;
  ByteView signature;
  std::uint8_t signature_unused_bits = 0;
  std::vector<std::string> unknown_critical;  // dotted OIDs

  // The answer for this certificate, issued by `issuer`; null when the response is about others.
  [[nodiscard]] const OcspSingle* about(const Certificate& certificate,
                                        const Certificate& issuer) const;
};

using OcspResponsePtr = std::shared_ptr<const OcspResponse>;  // shared by the verdicts that use it

inline constexpr std::size_t kMaxOcspBytes = std::size_t{256} * 1024;

Result<OcspResponsePtr> parse_ocsp_response(ByteView der);

// "successful", "tryLater", ...
std::string ocsp_status_text(std::uint32_t status);

// Who signed a response (RFC 6960 section 4.2.2.2).
enum class OcspSigner {
  Issuer,         // the issuer of the certificate itself
  Delegate,       // a certificate of the issuer with id-kp-OCSPSigning
  NotAuthorised,  // a good signature by somebody who may not speak for the issuer
  Bad,            // the signature does not fit its signer
  Unknown,        // the signer is neither the issuer nor in the response, or cannot be checked
};
struct OcspSignature {
  OcspSigner signer = OcspSigner::Unknown;
  CertificatePtr delegate;  // for Delegate and NotAuthorised: its dates are the caller's to check
};
OcspSignature check_ocsp_signature(const OcspResponse& response, const Certificate& issuer);

// DER of an OCSPRequest for one certificate: SHA-1 CertID (what every responder knows), no nonce,
// unsigned.
Bytes make_ocsp_request(const Certificate& certificate, const Certificate& issuer);

}  // namespace medic::x509
