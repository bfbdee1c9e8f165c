#include "verify/signature_cache.h"

#include <cstring>

namespace medic::verify {
namespace {

std::uint64_t edge(const CertificateFacts& child, const CertificateFacts& issuer) {
  return (std::uint64_t{child.index} << 32U) | issuer.key_id;
}

std::uint32_t interned(std::unordered_map<std::string, std::uint32_t>& ids, ByteView bytes) {
  const auto next = static_cast<std::uint32_t>(ids.size());
  return ids.try_emplace(std::string(as_text(bytes)), next).first->second;
}

}  // namespace

// A SHA-256 is already evenly spread.
std::size_t SignatureCache::FingerprintHash::operator()(const Sha256& fingerprint) const noexcept {
  std::size_t value = 0;
  std::memcpy(&value, fingerprint.data(), sizeof value);
  return value;
}

const CertificateFacts& SignatureCache::facts(const x509::CertificatePtr& certificate) {
  if (const auto at = by_address_.find(certificate.get()); at != by_address_.end()) {
    return *at->second;
  }
  auto& slot = by_fingerprint_[certificate->fingerprint];
  if (slot == nullptr) {
    slot = std::make_unique<CertificateFacts>(make_facts(certificate));
    slot->index = static_cast<std::uint32_t>(by_fingerprint_.size());
    slot->subject_id = name_id(certificate->subject.canonical);
    slot->issuer_id = name_id(certificate->issuer.canonical);
    slot->key_id = interned(keys_, certificate->public_key.spki);
  }
  by_address_.emplace(certificate.get(), slot.get());
  held_.push_back(certificate);
  return *slot;
}

x509::SignatureCheck SignatureCache::check(const CertificateFacts& child,
                                           const CertificateFacts& issuer) {
  const auto [at, added] = edges_.try_emplace(edge(child, issuer), x509::SignatureCheck::Bad);
  if (added) {
    ++signatures_checked_;
    if (verifying_keys_.size() <= issuer.key_id) {
      verifying_keys_.resize(issuer.key_id + std::size_t{1});
    }
    auto& key = verifying_keys_[issuer.key_id];
    if (key == nullptr) {
      key = std::make_unique<x509::VerifyingKey>(issuer.certificate->public_key);
    }
    at->second = x509::check_signature(*child.certificate, *key);
  }
  return at->second;
}

bool SignatureCache::checked(const CertificateFacts& child, const CertificateFacts& issuer) const {
  return edges_.contains(edge(child, issuer));
}

std::uint32_t SignatureCache::name_id(const Bytes& canonical) {
  return interned(names_, canonical);
}

std::shared_ptr<SignatureCache> make_signature_cache() {
  return std::make_shared<SignatureCache>();
}

}  // namespace medic::verify
