#pragma once

// What all clients of one thread share: key shares, ciphers, hashes, contexts for signatures, and
// the issuers' certificates already read.

#include <cstddef>
#include <cstring>
#include <unordered_map>

#include "tlswire/key_shares.h"
#include "tlswire/protection.h"
#include "x509/certificate.h"
#include "x509/signature.h"

namespace medic::tlswire {

// Issuers are few and come with every chain; leaves are many and come once, so they are not kept.
class IssuerMemory {
 public:
  // More than all public intermediates (CCADB listed about 2,000 unexpired ones in 2025).
  static constexpr std::size_t kMost = 8192;

  Result<x509::CertificatePtr> read(ByteView der);

 private:
  struct FingerprintHash {
    // A SHA-256 is already evenly spread.
    std::size_t operator()(const Sha256& fingerprint) const noexcept {
      std::size_t value = 0;
      std::memcpy(&value, fingerprint.data(), sizeof value);
      return value;
    }
  };
  std::unordered_map<Sha256, x509::CertificatePtr, FingerprintHash> known_;
};

struct Tools {
  KeyShares shares;
  Protection protection;
  x509::PassingKeys keys;
  IssuerMemory issuers;
};

}  // namespace medic::tlswire
