#include "tlswire/tools.h"

#include "x509/digest.h"

namespace medic::tlswire {

Result<x509::CertificatePtr> IssuerMemory::read(ByteView der) {
  const Sha256 fingerprint = x509::sha256(der);
  if (const auto at = known_.find(fingerprint); at != known_.end()) {
    return at->second;
  }
  MEDIC_TRY(x509::CertificatePtr certificate, x509::parse_certificate(der));
  if (known_.size() >= kMost) {
    known_.clear();
  }
  known_.emplace(fingerprint, certificate);
  return certificate;
}

}  // namespace medic::tlswire
