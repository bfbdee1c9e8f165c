#pragma once

// A private key of the lab: made fresh in this process, never written into a trust store, cheap to
// copy. Reuse keys (making one costs more than a certificate; RSA costs 100 ms): see KeyPool.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/bytes.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace medic::lab {

enum class KeyKind { P256, P384, P521, Ed25519, Rsa1024, Rsa2048, RsaPss2048 };

// What a signature hashes with. Ed25519 ignores it; an EC key cannot sign with MD5 (no such OID).
enum class Hash { Md5, Sha1, Sha256, Sha384, Sha512 };

class Key {
 public:
  struct Material;

  Key() = default;  // no key; only assignment is allowed
  explicit Key(std::shared_ptr<const Material> material) : material_(std::move(material)) {}

  [[nodiscard]] bool empty() const { return material_ == nullptr; }
  [[nodiscard]] KeyKind kind() const;
  [[nodiscard]] const Bytes& spki() const;    // SubjectPublicKeyInfo, DER
  [[nodiscard]] const Bytes& key_id() const;  // RFC 5280 section 4.2.1.2 (1): SHA-1 of the key bits
  [[nodiscard]] std::string pem() const;      // PKCS#8, not encrypted
  [[nodiscard]] evp_pkey_st* handle() const;  // valid as long as any copy of this Key

 private:
  std::shared_ptr<const Material> material_;  // shared with all copies of the key
};

Key make_key(KeyKind kind);

// The numbers of an RSA key (Rsa2048) as an id-RSASSA-PSS key.
Key as_pss_key(const Key& rsa);

// A broken pair, which no check of the public halves notices: `certified`'s public key with the
// private key of `other`. Both are EC P-256. Signatures made with it do not verify.
Key make_mismatched_key(const Key& certified, const Key& other);

// The AlgorithmIdentifier and the signature (content of the BIT STRING) of `message`.
Bytes signature_algorithm(const Key& key, Hash hash);
Bytes signature_of(ByteView message, const Key& key, Hash hash);

// Keys by kind and number, made when first asked for. Thread-safe.
class KeyPool {
 public:
  Key key(KeyKind kind, std::size_t number = 0);

 private:
  std::mutex mutex_;
  std::map<std::pair<KeyKind, std::size_t>, Key> keys_;
};

// The process's own pool: labs started one after the other share its keys.
KeyPool& shared_keys();

// Called before the first use of OpenSSL by everything in lab/: what the lab offers must not depend
// on this machine's openssl.cnf (SHA-1, MD5, TLS 1.0).
void initialise_openssl();

}  // namespace medic::lab
