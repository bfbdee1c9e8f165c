#pragma once

// Certificate revocation lists (RFC 5280 section 5). A list may have millions of entries, so they
// stay where they are: parsing checks their form once, find() walks them.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "x509/certificate.h"
#include "x509/signature.h"

namespace medic::x509 {

struct RevokedEntry {
  Time at;
  std::string
      reason;  // "keyCompromise", "superseded", ... (RFC 5280 section 5.3.1); empty: not given
};

// Never copied: its views point into `der`.
struct Crl {
  Crl() = default;
  Crl(const Crl&) = delete;
  Crl& operator=(const Crl&) = delete;
  Crl(Crl&&) = delete;
  Crl& operator=(Crl&&) = delete;
  ~Crl() = default;

  Bytes der;
  Name issuer;
  Time this_update;
  std::optional<Time> next_update;
  SignatureAlgorithm signature_algorithm;
  bool signature_algorithms_agree = true;
  ByteView tbs;
  ByteView signature;
  std::uint8_t signature_unused_bits = 0;
  ByteView revoked;  // the entries, one after the other
  std::size_t revoked_count = 0;
  std::vector<Extension> extensions;
  Bytes authority_key_id;  // empty: absent
  bool delta = false;      // only changes since another list: says nothing about a serial it lacks
  bool indirect =
      false;  // may speak of other issuers' certificates: entries then need their issuer
  std::vector<std::string> unknown_critical;  // dotted OIDs, of the list and of entries
  std::vector<Anomaly> anomalies;  // "bad-this-update", "bad-next-update", "bad-extension"

  // The entry of this serial number (content octets, as in Certificate::serial); none: not revoked.
  [[nodiscard]] std::optional<RevokedEntry> find(ByteView serial) const;
};

using CrlPtr = std::shared_ptr<const Crl>;  // shared by every question about the same issuer

// The largest public lists have about 10 MB.
inline constexpr std::size_t kMaxCrlBytes = std::size_t{32} * 1024 * 1024;

// Exactly one DER CRL. Copies the bytes.
Result<CrlPtr> parse_crl(ByteView der);
// DER, or every "X509 CRL" block of a PEM file.
Result<std::vector<CrlPtr>> read_crls(ByteView bytes);

SignatureCheck check_signature(const Crl& crl, const VerifyingKey& issuer_key);

}  // namespace medic::x509
