#include "lab/key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <string_view>

#include "base/check.h"
#include "lab/der_writer.h"
#include "lab/openssl_ptr.h"

namespace medic::lab {

struct Key::Material {
  EvpPkeyPtr key;
  KeyKind kind = KeyKind::P256;
  Bytes spki;
  Bytes key_id;
};

namespace {

bool is_rsa(KeyKind kind) {
  return kind == KeyKind::Rsa1024 || kind == KeyKind::Rsa2048 || kind == KeyKind::RsaPss2048;
}

EvpPkeyPtr generated(KeyKind kind) {
  switch (kind) {
    case KeyKind::P256:
      return EvpPkeyPtr(EVP_EC_gen("P-256"));
    case KeyKind::P384:
      return EvpPkeyPtr(EVP_EC_gen("P-384"));
    case KeyKind::P521:
      return EvpPkeyPtr(EVP_EC_gen("P-521"));
    case KeyKind::Ed25519:
      return EvpPkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    case KeyKind::Rsa1024:
      return EvpPkeyPtr(EVP_RSA_gen(1024));
    case KeyKind::Rsa2048:
    case KeyKind::RsaPss2048:
      return EvpPkeyPtr(EVP_RSA_gen(2048));
  }
  return nullptr;
}

Key described(EvpPkeyPtr pkey, KeyKind kind) {
  MEDIC_CHECK(pkey != nullptr);
  auto material = std::make_shared<Key::Material>();
  X509_PUBKEY* raw = nullptr;
  MEDIC_CHECK(X509_PUBKEY_set(&raw, pkey.get()) == 1);
  const X509PubkeyPtr pubkey(raw);
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(pubkey.get(), &der);
  MEDIC_CHECK(size > 0);
  material->spki.assign(der, der + size);
  OPENSSL_free(der);
  const unsigned char* bits = nullptr;
  int bits_size = 0;
  MEDIC_CHECK(X509_PUBKEY_get0_param(nullptr, &bits, &bits_size, nullptr, pubkey.get()) == 1);
  std::array<unsigned char, 20> digest{};
  MEDIC_CHECK(EVP_Q_digest(nullptr, "SHA1", nullptr, bits, static_cast<std::size_t>(bits_size),
                           digest.data(), nullptr) == 1);
  material->key_id.assign(digest.begin(), digest.end());
  material->key = std::move(pkey);
  material->kind = kind;
  return Key(std::move(material));
}

const EVP_MD* digest(Hash hash) {
  switch (hash) {
    case Hash::Md5:
      return EVP_md5();
    case Hash::Sha1:
      return EVP_sha1();
    case Hash::Sha256:
      return EVP_sha256();
    case Hash::Sha384:
      return EVP_sha384();
    case Hash::Sha512:
      return EVP_sha512();
  }
  return nullptr;
}

// RFC 8017 appendix A.1 and RFC 4055 section 2.1.
std::string_view hash_oid(Hash hash) {
  switch (hash) {
    case Hash::Md5:
      return "1.2.840.113549.2.5";
    case Hash::Sha1:
      return "1.3.14.3.2.26";
    case Hash::Sha256:
      return "2.16.840.1.101.3.4.2.1";
    case Hash::Sha384:
      return "2.16.840.1.101.3.4.2.2";
    case Hash::Sha512:
      return "2.16.840.1.101.3.4.2.3";
  }
  return {};
}

// RFC 3279 section 2.2.3, RFC 5758 section 3.2.
std::string_view ecdsa_oid(Hash hash) {
  switch (hash) {
    case Hash::Md5:
      return {};
    case Hash::Sha1:
      return "1.2.840.10045.4.1";
    case Hash::Sha256:
      return "1.2.840.10045.4.3.2";
    case Hash::Sha384:
      return "1.2.840.10045.4.3.3";
    case Hash::Sha512:
      return "1.2.840.10045.4.3.4";
  }
  return {};
}

// RFC 8017 appendix C, PKCS#1 v1.5.
std::string_view rsa_oid(Hash hash) {
  switch (hash) {
    case Hash::Md5:
      return "1.2.840.113549.1.1.4";
    case Hash::Sha1:
      return "1.2.840.113549.1.1.5";
    case Hash::Sha256:
      return "1.2.840.113549.1.1.11";
    case Hash::Sha384:
      return "1.2.840.113549.1.1.12";
    case Hash::Sha512:
      return "1.2.840.113549.1.1.13";
  }
  return {};
}

// RFC 4055 section 3.1, with a salt as long as the hash.
Bytes pss_algorithm(Hash hash) {
  const Bytes null = der::tlv(der::kNull, ByteView{});
  const Bytes hash_id = der::sequence({der::oid(hash_oid(hash)), null});
  const Bytes mgf = der::sequence({der::oid("1.2.840.113549.1.1.8"), hash_id});
  const auto salt = static_cast<std::uint64_t>(EVP_MD_get_size(digest(hash)));
  const Bytes parameters = der::sequence(
      {der::tlv(der::context_constructed(0), hash_id), der::tlv(der::context_constructed(1), mgf),
       der::tlv(der::context_constructed(2), der::integer(salt))});
  return der::sequence({der::oid("1.2.840.113549.1.1.10"), parameters});
}

Bytes parameter_bytes(const EVP_PKEY* key, const char* name) {
  std::size_t size = 0;
  MEDIC_CHECK(EVP_PKEY_get_octet_string_param(key, name, nullptr, 0, &size) == 1);
  Bytes bytes(size);
  MEDIC_CHECK(EVP_PKEY_get_octet_string_param(key, name, bytes.data(), bytes.size(), &size) == 1);
  return bytes;
}

EvpPkeyPtr from_parameters(const char* type, OSSL_PARAM* parameters) {
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  MEDIC_CHECK(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  EVP_PKEY* key = nullptr;
  MEDIC_CHECK(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters) == 1);
  return EvpPkeyPtr(key);
}

}  // namespace

void initialise_openssl() {
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

KeyKind Key::kind() const {
  return material_->kind;
}
const Bytes& Key::spki() const {
  return material_->spki;
}
const Bytes& Key::key_id() const {
  return material_->key_id;
}
evp_pkey_st* Key::handle() const {
  return material_->key.get();
}

std::string Key::pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  MEDIC_CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), handle(), nullptr, nullptr, 0, nullptr,
                                            nullptr) == 1);
  const char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Key make_key(KeyKind kind) {
  initialise_openssl();
  if (kind == KeyKind::RsaPss2048) {
    return as_pss_key(make_key(KeyKind::Rsa2048));
  }
  return described(generated(kind), kind);
}

Key as_pss_key(const Key& rsa) {
  OSSL_PARAM* parameters = nullptr;
  MEDIC_CHECK(EVP_PKEY_todata(rsa.handle(), EVP_PKEY_KEYPAIR, &parameters) == 1);
  EvpPkeyPtr key = from_parameters("RSA-PSS", parameters);
  OSSL_PARAM_free(parameters);
  return described(std::move(key), KeyKind::RsaPss2048);
}

Key make_mismatched_key(const Key& certified, const Key& other) {
  OSSL_PARAM* parameters = nullptr;
  MEDIC_CHECK(EVP_PKEY_todata(other.handle(), EVP_PKEY_KEYPAIR, &parameters) == 1);
  Bytes public_key = parameter_bytes(certified.handle(), OSSL_PKEY_PARAM_PUB_KEY);
  std::vector<OSSL_PARAM> mixed;
  for (const OSSL_PARAM* p = parameters; p->key != nullptr; ++p) {
    if (std::string_view(p->key) != OSSL_PKEY_PARAM_PUB_KEY) {
      mixed.push_back(*p);
    }
  }
  mixed.push_back(OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, public_key.data(),
                                                    public_key.size()));
  mixed.push_back(OSSL_PARAM_construct_end());
  EvpPkeyPtr key = from_parameters("EC", mixed.data());
  OSSL_PARAM_free(parameters);
  return described(std::move(key), KeyKind::P256);
}

Bytes signature_algorithm(const Key& key, Hash hash) {
  switch (key.kind()) {
    case KeyKind::Ed25519:
      return der::sequence({der::oid("1.3.101.112")});  // RFC 8410 section 3
    case KeyKind::RsaPss2048:
      return pss_algorithm(hash);
    case KeyKind::Rsa1024:
    case KeyKind::Rsa2048:
      return der::sequence({der::oid(rsa_oid(hash)), der::tlv(der::kNull, ByteView{})});
    case KeyKind::P256:
    case KeyKind::P384:
    case KeyKind::P521:
      return der::sequence({der::oid(ecdsa_oid(hash))});
  }
  return {};
}

Bytes signature_of(ByteView message, const Key& key, Hash hash) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;
  const EVP_MD* md = key.kind() == KeyKind::Ed25519 ? nullptr : digest(hash);
  MEDIC_CHECK(context != nullptr &&
              EVP_DigestSignInit(context.get(), &key_context, md, nullptr, key.handle()) == 1);
  if (key.kind() == KeyKind::RsaPss2048) {
    MEDIC_CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST) == 1);
  }
  // The longest here is RSA-2048's 256 octets.
  Bytes signature(is_rsa(key.kind()) ? 256 : 160);
  std::size_t size = signature.size();
  MEDIC_CHECK(
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1);
  signature.resize(size);
  return signature;
}

Key KeyPool::key(KeyKind kind, std::size_t number) {
  const std::lock_guard lock(mutex_);
  Key& key = keys_[{kind, number}];
  if (key.empty()) {
    key = make_key(kind);
  }
  return key;
}

KeyPool& shared_keys() {
  static KeyPool pool;
  return pool;
}

}  // namespace medic::lab
