#pragma once

// One signature edge: is `child` signed by the key of `issuer`? The only place of x509/ that calls
// OpenSSL's public-key code. Pure and thread-safe; memoising is the caller's (verify/). No security
// level, system policy or openssl.cnf takes part: MD5 and SHA-1 are checked like everything else,
// and judging them is the policies' business.

#include <memory>

#include "x509/certificate.h"

namespace medic::x509 {

enum class SignatureCheck {
  Good,
  Bad,          // the numbers do not fit
  Unsupported,  // we cannot check this algorithm or key
};

// A public key made ready: decoding one costs as much as checking a signature, so keep it for the
// next certificate of the same issuer. Immutable; may be used by several threads.
class VerifyingKey {
 public:
  explicit VerifyingKey(const PublicKey& key);
  ~VerifyingKey();
  VerifyingKey(VerifyingKey&&) noexcept;
  VerifyingKey& operator=(VerifyingKey&&) noexcept;
  VerifyingKey(const VerifyingKey&) = delete;
  VerifyingKey& operator=(const VerifyingKey&) = delete;

  // False: every check answers Unsupported.
  [[nodiscard]] bool usable() const { return key_ != nullptr; }
  // Over any signed structure (certificate, CRL, OCSP response). A signature by another type of key
  // than ours is Bad.
  [[nodiscard]] SignatureCheck check(const SignatureAlgorithm& algorithm, ByteView signed_bytes,
                                     ByteView signature) const;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
};

// Checks by keys that are met once, a server's own: on the curves of most servers the key is
// written into contexts that are already there, because making new ones costs as much as the check.
// For one thread.
class PassingKeys {
 public:
  PassingKeys();
  ~PassingKeys();
  PassingKeys(const PassingKeys&) = delete;
  PassingKeys& operator=(const PassingKeys&) = delete;
  PassingKeys(PassingKeys&&) = delete;
  PassingKeys& operator=(PassingKeys&&) = delete;

  // As VerifyingKey(key).check(...).
  SignatureCheck check(const PublicKey& key, const SignatureAlgorithm& algorithm,
                       ByteView signed_bytes, ByteView signature);

 private:
  struct Curve;
  Curve* curve(std::string_view name);

  std::vector<std::unique_ptr<Curve>> curves_;
};

// As OpenSSL's X509_verify: also Bad when the inner and outer AlgorithmIdentifier differ, or the
// signature has unused bits.
SignatureCheck check_signature(const Certificate& child, const VerifyingKey& issuer_key);
SignatureCheck check_signature(const Certificate& child, const PublicKey& issuer_key);

}  // namespace medic::x509
