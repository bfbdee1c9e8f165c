#pragma once

// What verification asks of one certificate whatever the profile, worked out once: the flags that
// OpenSSL caches (crypto/x509/v3_purp.c), security bits, and names as small numbers, so that a
// verdict compares integers.

#include <cstdint>

#include "x509/certificate.h"

namespace medic::verify {

// OpenSSL's check_ca(): 0 is no CA, 1 a CA by basicConstraints, the rest are tolerated old forms.
enum class CaKind : std::uint8_t {
  No = 0,
  Yes = 1,
  OldRoot = 3,       // version 1 and self-signed
  KeyUsageOnly = 4,  // no basicConstraints, but keyCertSign
  NetscapeOnly = 5,
};

struct CertificateFacts {
  x509::CertificatePtr certificate;
  std::uint32_t index = 0;       // dense, in the order first seen
  std::uint32_t subject_id = 0;  // equal numbers: equal canonical names
  std::uint32_t issuer_id = 0;
  std::uint32_t key_id = 0;     // equal numbers: equal SubjectPublicKeyInfo
  std::int64_t not_before = 0;  // Unix seconds
  std::int64_t not_after = 0;
  bool self_issued = false;
  bool self_signed = false;  // EXFLAG_SS: self-issued, and its key identifiers and algorithms fit
  bool invalid = false;      // EXFLAG_INVALID: an extension that OpenSSL reads does not decode
  bool key_readable = true;
  bool bad_not_before = false;
  bool bad_not_after = false;
  bool proxy = false;  // RFC 3820
  CaKind ca = CaKind::No;
  std::uint16_t key_usage = 0xFFFF;  // 0xFFFF: no keyUsage extension
  int key_security_bits = 0;
  int signature_security_bits = -1;  // -1: unknown algorithm
  bool has_dns_san = false;
  // The key that the *inner* AlgorithmIdentifier calls for: what OpenSSL looks at while it builds a
  // chain. Other: unknown to it.
  x509::KeyType signer = x509::KeyType::Other;
};

// As EVP_PKEY_get_security_bits().
int key_security_bits(const x509::PublicKey& key);
// As X509_get_signature_info()'s secbits; -1 when OpenSSL knows no such algorithm.
int signature_security_bits(const x509::SignatureAlgorithm& algorithm);

// Does `child` look issued by `issuer`: names, key identifiers, algorithms; not the signature
// (OpenSSL's ossl_x509_likely_issued).
bool likely_issued(const CertificateFacts& child, const CertificateFacts& issuer);

// The authority key identifier of `child`, as far as there is one, fits `issuer`.
bool key_ids_fit(const CertificateFacts& child, const CertificateFacts& issuer);

// Fills everything but the numbers that the cache gives out.
CertificateFacts make_facts(x509::CertificatePtr certificate);

}  // namespace medic::verify
