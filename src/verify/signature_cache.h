#pragma once

// Facts of every certificate seen and the outcome of every signature edge checked, so that a chain
// judged under many profiles and stores costs each check once. Edges are keyed by (certificate,
// public key of the issuer): a re-keyed or cross-signed issuer is a new edge, the same key under
// another certificate is not. Not thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "verify/certificate_facts.h"
#include "verify/verify.h"
#include "x509/signature.h"

namespace medic::verify {

class SignatureCache {
 public:
  // Equal certificates (by fingerprint) have the same facts, at the same address.
  const CertificateFacts& facts(const x509::CertificatePtr& certificate);
  x509::SignatureCheck check(const CertificateFacts& child, const CertificateFacts& issuer);
  // Already checked: no cost.
  [[nodiscard]] bool checked(const CertificateFacts& child, const CertificateFacts& issuer) const;
  std::uint32_t name_id(const Bytes& canonical);

  // Signature checks made, for benchmarks and for bounds.
  [[nodiscard]] std::uint64_t signatures_checked() const { return signatures_checked_; }
  [[nodiscard]] std::size_t size() const { return by_fingerprint_.size(); }

 private:
  struct FingerprintHash {
    std::size_t operator()(const Sha256& fingerprint) const noexcept;
  };

  std::unordered_map<const x509::Certificate*, const CertificateFacts*> by_address_;
  // Keeps every address of by_address_ from being used again for another certificate.
  std::vector<x509::CertificatePtr> held_;
  std::unordered_map<Sha256, std::unique_ptr<CertificateFacts>, FingerprintHash> by_fingerprint_;
  std::unordered_map<std::string, std::uint32_t> names_;
  std::unordered_map<std::string, std::uint32_t> keys_;
  // By key_id; decoding a key costs as much as checking a signature with it.
  std::vector<std::unique_ptr<x509::VerifyingKey>> verifying_keys_;
  std::unordered_map<std::uint64_t, x509::SignatureCheck> edges_;
  std::uint64_t signatures_checked_ = 0;
};

}  // namespace medic::verify
