#include "x509/signature.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <optional>

#include "x509/der.h"
#include "x509/oid.h"
#include "x509/openssl.h"
#include "x509/parts.h"

namespace medic::x509 {
namespace {

using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = Handle<BIGNUM, BN_free>;
using Builder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Handle<OSSL_PARAM, OSSL_PARAM_free>;

// Larger keys only waste time; OpenSSL refuses to use them (OPENSSL_RSA_MAX_MODULUS_BITS,
// OPENSSL_DSA_MAX_MODULUS_BITS).
constexpr std::uint32_t kMaxRsaBits = 16384;
constexpr std::uint32_t kMaxDsaBits = 10000;

struct Digest {
  HashAlgorithm hash;
  const EVP_MD* md;  // fetched from own_context(); lives as long as the process
};

const EVP_MD* digest_of(HashAlgorithm hash) {
  static const std::array<Digest, 6> digests = {{
      {HashAlgorithm::Sha256, EVP_MD_fetch(own_context(), "SHA2-256", nullptr)},
      {HashAlgorithm::Sha384, EVP_MD_fetch(own_context(), "SHA2-384", nullptr)},
      {HashAlgorithm::Sha512, EVP_MD_fetch(own_context(), "SHA2-512", nullptr)},
      {HashAlgorithm::Sha1, EVP_MD_fetch(own_context(), "SHA1", nullptr)},
      {HashAlgorithm::Sha224, EVP_MD_fetch(own_context(), "SHA2-224", nullptr)},
      {HashAlgorithm::Md5, EVP_MD_fetch(own_context(), "MD5", nullptr)},
  }};
  for (const Digest& known : digests) {
    if (known.hash == hash) {
      return known.md;
    }
  }
  return nullptr;
}

KeyHandle key_from(const char* type, OSSL_PARAM_BLD& builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(&builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(own_context(), type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return KeyHandle(key);
}

Number number(ByteView octets) {
  return Number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

// From n and e straight, because the decoder that d2i_PUBKEY uses costs several signature checks.
KeyHandle rsa_key(const PublicKey& key) {
  der::Failure failure;
  der::Reader reader(key.bits_content, failure);
  der::Reader fields = reader.inside(der::kSequence);
  const ByteView modulus = fields.integer();
  const ByteView exponent = fields.integer();
  fields.end();
  if (failure.failed() || key.bits == 0 || key.bits > kMaxRsaBits) {
    return nullptr;
  }
  const Number n = number(modulus);
  const Number e = number(exponent);
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  return key_from("RSA", *builder);
}

const char* group_name(std::string_view curve) {
  struct Group {
    std::string_view curve;
    const char* name;
  };
  static constexpr std::array kGroups = {
      Group{"P-256", "prime256v1"},
      Group{"P-384", "secp384r1"},
      Group{"P-521", "secp521r1"},
  };
  for (const Group& group : kGroups) {
    if (group.curve == curve) {
      return group.name;
    }
  }
  return nullptr;
}

KeyHandle decoded_key(const PublicKey& key) {
  const unsigned char* at = key.spki.data();
  return KeyHandle(
      d2i_PUBKEY_ex(nullptr, &at, static_cast<long>(key.spki.size()), own_context(), nullptr));
}

KeyHandle ec_key(const PublicKey& key) {
  const char* const group = group_name(key.curve);
  if (key.curve == "explicit") {
    return nullptr;  // OpenSSL refuses such keys in a chain (X509_V_ERR_EC_KEY_EXPLICIT_PARAMS)
  }
  if (group == nullptr) {
    return decoded_key(key);
  }
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                       key.bits_content.data(), key.bits_content.size()) != 1) {
    return nullptr;
  }
  return key_from("EC", *builder);
}

KeyHandle raw_key(const char* type, const PublicKey& key) {
  return KeyHandle(EVP_PKEY_new_raw_public_key_ex(
      own_context(), type, nullptr, key.bits_content.data(), key.bits_content.size()));
}

KeyHandle made_ready(const PublicKey& key) {
  const ErrorMark mark;
  switch (key.type) {
    case KeyType::Rsa:
      return rsa_key(key);
    case KeyType::RsaPss:
      return key.bits > kMaxRsaBits ? nullptr : decoded_key(key);
    case KeyType::Ec:
      return ec_key(key);
    case KeyType::Ed25519:
      return raw_key("ED25519", key);
    case KeyType::Ed448:
      return raw_key("ED448", key);
    case KeyType::Dsa:
      return key.bits > kMaxDsaBits ? nullptr : decoded_key(key);
    case KeyType::Other:
      return nullptr;
  }
  return nullptr;
}

// RSASSA-PSS-params (RFC 4055 section 3.1).
struct PssParameters {
  HashAlgorithm mask_hash = HashAlgorithm::Sha1;
  std::uint32_t salt_octets = 20;
};

std::optional<PssParameters> pss_parameters(ByteView bytes) {
  constexpr Oid kMgf1 = make_oid({1, 2, 840, 113549, 1, 1, 8});
  PssParameters parameters;
  der::Failure failure;
  der::Reader reader(bytes, failure);
  der::Reader fields = reader.inside(der::kSequence);
  fields.optional(der::context_constructed(0));  // read with the algorithm
  if (fields.next_is(der::context_constructed(1))) {
    der::Reader field = fields.inside(der::context_constructed(1));
    der::Reader mask = field.inside(der::kSequence);
    const ByteView function = mask.oid();
    parameters.mask_hash = hash_algorithm(mask.inside(der::kSequence).oid());
    if (!(kMgf1 == function)) {
      return std::nullopt;
    }
  }
  if (fields.next_is(der::context_constructed(2))) {
    parameters.salt_octets = fields.inside(der::context_constructed(2)).small_integer();
  }
  std::uint32_t trailer = 1;
  if (fields.next_is(der::context_constructed(3))) {
    trailer = fields.inside(der::context_constructed(3)).small_integer();
  }
  fields.end();
  if (failure.failed() || trailer != 1 || parameters.salt_octets > kMaxRsaBits / 8) {
    return std::nullopt;
  }
  return parameters;
}

bool set_pss(EVP_PKEY_CTX* context, const SignatureAlgorithm& algorithm) {
  const std::optional<PssParameters> parameters = pss_parameters(algorithm.parameters);
  if (!parameters) {
    return false;
  }
  const EVP_MD* const mask = digest_of(parameters->mask_hash);
  return mask != nullptr && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, mask) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(parameters->salt_octets)) == 1;
}

// May a key of this type have made such a signature?
bool fits(KeyType signature, KeyType key) {
  return signature == key || (signature == KeyType::RsaPss && key == KeyType::Rsa);
}

SignatureCheck check_whole(EVP_PKEY* key, ByteView signed_bytes, ByteView signature) {
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  if (!context || EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, own_context(), nullptr,
                                          key, nullptr) != 1) {
    return SignatureCheck::Unsupported;
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), signed_bytes.data(),
                          signed_bytes.size()) == 1
             ? SignatureCheck::Good
             : SignatureCheck::Bad;
}

}  // namespace

struct VerifyingKey::Key {
  KeyType type = KeyType::Other;
  KeyHandle handle;
};

VerifyingKey::VerifyingKey(const PublicKey& key) {
  KeyHandle handle = made_ready(key);
  if (handle) {
    key_ = std::make_unique<Key>(Key{.type = key.type, .handle = std::move(handle)});
  }
}
VerifyingKey::~VerifyingKey() = default;
VerifyingKey::VerifyingKey(VerifyingKey&&) noexcept = default;
VerifyingKey& VerifyingKey::operator=(VerifyingKey&&) noexcept = default;

SignatureCheck VerifyingKey::check(const SignatureAlgorithm& algorithm, ByteView signed_bytes,
                                   ByteView signature) const {
  if (!key_ || algorithm.key == KeyType::Other) {
    return SignatureCheck::Unsupported;
  }
  if (!fits(algorithm.key, key_->type)) {
    return SignatureCheck::Bad;
  }
  const ErrorMark mark;
  if (algorithm.hash == HashAlgorithm::None) {
    return check_whole(key_->handle.get(), signed_bytes, signature);
  }
  const EVP_MD* const md = digest_of(algorithm.hash);
  if (md == nullptr) {
    return SignatureCheck::Unsupported;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int digest_size = 0;
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(own_context(), key_->handle.get(), nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) != 1 ||
      (algorithm.key == KeyType::RsaPss && !set_pss(context.get(), algorithm)) ||
      EVP_PKEY_CTX_set_signature_md(context.get(), md) != 1 ||
      EVP_Digest(signed_bytes.data(), signed_bytes.size(), digest.data(), &digest_size, md,
                 nullptr) != 1) {
    return SignatureCheck::Unsupported;
  }
  return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                         digest_size) == 1
             ? SignatureCheck::Good
             : SignatureCheck::Bad;
}

struct PassingKeys::Curve {
  std::string_view name;  // one of group_name()'s
  KeyHandle key;
  KeyContext context;
};

PassingKeys::PassingKeys() = default;
PassingKeys::~PassingKeys() = default;

PassingKeys::Curve* PassingKeys::curve(std::string_view name) {
  for (const auto& known : curves_) {
    if (known->name == name) {
      return known.get();
    }
  }
  auto made = std::make_unique<Curve>();
  // Some key of that curve: its public half is replaced before each check.
  made->key.reset(EVP_PKEY_Q_keygen(own_context(), nullptr, "EC", group_name(name)));
  made->context.reset(EVP_PKEY_CTX_new_from_pkey(own_context(), made->key.get(), nullptr));
  if (!made->key || !made->context || EVP_PKEY_verify_init(made->context.get()) != 1) {
    return nullptr;
  }
  made->name = name == "P-256" ? "P-256" : name == "P-384" ? "P-384" : "P-521";
  curves_.push_back(std::move(made));
  return curves_.back().get();
}

SignatureCheck PassingKeys::check(const PublicKey& key, const SignatureAlgorithm& algorithm,
                                  ByteView signed_bytes, ByteView signature) {
  const EVP_MD* const md = digest_of(algorithm.hash);
  if (key.type != KeyType::Ec || algorithm.key != KeyType::Ec || md == nullptr ||
      group_name(key.curve) == nullptr) {
    return VerifyingKey(key).check(algorithm, signed_bytes, signature);
  }
  const ErrorMark mark;
  Curve* const scratch = curve(key.curve);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int digest_size = 0;
  if (scratch == nullptr ||
      EVP_PKEY_set1_encoded_public_key(scratch->key.get(), key.bits_content.data(),
                                       key.bits_content.size()) != 1 ||
      EVP_Digest(signed_bytes.data(), signed_bytes.size(), digest.data(), &digest_size, md,
                 nullptr) != 1) {
    return SignatureCheck::Unsupported;
  }
  return EVP_PKEY_verify(scratch->context.get(), signature.data(), signature.size(), digest.data(),
                         digest_size) == 1
             ? SignatureCheck::Good
             : SignatureCheck::Bad;
}

SignatureCheck check_signature(const Certificate& child, const VerifyingKey& issuer_key) {
  if (!child.signature_algorithms_agree || child.signature_unused_bits != 0) {
    return SignatureCheck::Bad;
  }
  return issuer_key.check(child.signature_algorithm, child.tbs, child.signature);
}

SignatureCheck check_signature(const Certificate& child, const PublicKey& issuer_key) {
  return check_signature(child, VerifyingKey(issuer_key));
}

}  // namespace medic::x509
