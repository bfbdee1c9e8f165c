#include "tlswire/protection.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/check.h"
#include "base/handle.h"
#include "tlswire/byte_writer.h"
#include "x509/openssl.h"

namespace medic::tlswire {
namespace {

using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Digest = Handle<EVP_MD, EVP_MD_free>;
using Cipher = Handle<EVP_CIPHER, EVP_CIPHER_free>;

constexpr std::size_t kTagBytes = 16;

struct SuiteSizes {
  std::size_t key = 0;
  std::size_t hash = 0;
  std::size_t block = 0;  // of the hash: what HMAC pads its key to
};

SuiteSizes sizes_of(Suite suite) {
  switch (suite) {
    case Suite::Aes128GcmSha256:
      return {.key = 16, .hash = 32, .block = 64};
    case Suite::Aes256GcmSha384:
      return {.key = 32, .hash = 48, .block = 128};
    case Suite::ChaCha20Poly1305Sha256:
      return {.key = 32, .hash = 32, .block = 64};
  }
  return {};
}

// RFC 8446 section 5.3.
std::array<std::uint8_t, 12> nonce_of(TrafficKeys& keys) {
  std::array<std::uint8_t, 12> nonce = keys.iv;
  for (std::size_t i = 0; i < 8; ++i) {
    nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(keys.sequence >> (8 * i));
  }
  ++keys.sequence;
  return nonce;
}

}  // namespace

std::optional<Suite> suite_of(std::uint16_t cipher) {
  switch (static_cast<Suite>(cipher)) {
    case Suite::Aes128GcmSha256:
    case Suite::Aes256GcmSha384:
    case Suite::ChaCha20Poly1305Sha256:
      return static_cast<Suite>(cipher);
  }
  return std::nullopt;
}

struct Protection::Contexts {
  struct OfSuite {
    Cipher cipher;
    CipherContext open{EVP_CIPHER_CTX_new()};
    CipherContext seal{EVP_CIPHER_CTX_new()};
  };
  struct OfHash {
    Digest digest;
    DigestContext context{EVP_MD_CTX_new()};
  };

  static Cipher fetched(const char* name) {
    return Cipher(EVP_CIPHER_fetch(x509::own_context(), name, nullptr));
  }
  static Digest fetched_digest(const char* name) {
    return Digest(EVP_MD_fetch(x509::own_context(), name, nullptr));
  }

  OfSuite aes128{.cipher = fetched("AES-128-GCM")};
  OfSuite aes256{.cipher = fetched("AES-256-GCM")};
  OfSuite chacha{.cipher = fetched("ChaCha20-Poly1305")};
  OfHash sha256{.digest = fetched_digest("SHA2-256")};
  OfHash sha384{.digest = fetched_digest("SHA2-384")};

  OfSuite& of(Suite suite) {
    return suite == Suite::Aes128GcmSha256   ? aes128
           : suite == Suite::Aes256GcmSha384 ? aes256
                                             : chacha;
  }
  OfHash& hash_of(Suite suite) { return suite == Suite::Aes256GcmSha384 ? sha384 : sha256; }
};

Protection::Protection() : contexts_(std::make_unique<Contexts>()) {
  MEDIC_CHECK(contexts_->aes128.cipher && contexts_->aes256.cipher && contexts_->chacha.cipher &&
              contexts_->sha256.digest && contexts_->sha384.digest);
}
Protection::~Protection() = default;

Hash Protection::hash(Suite suite, std::initializer_list<ByteView> parts) {
  const Contexts::OfHash& with = contexts_->hash_of(suite);
  EVP_MD_CTX* const context = with.context.get();
  MEDIC_CHECK(EVP_DigestInit_ex2(context, with.digest.get(), nullptr) == 1);
  for (const ByteView part : parts) {
    EVP_DigestUpdate(context, part.data(), part.size());
  }
  Hash result;
  unsigned int size = 0;
  MEDIC_CHECK(EVP_DigestFinal_ex(context, result.octets.data(), &size) == 1);
  result.size = size;
  return result;
}

// RFC 2104. Keys are hash values here, never longer than a block.
Hash Protection::hmac(Suite suite, ByteView key, std::initializer_list<ByteView> parts) {
  const std::size_t block = sizes_of(suite).block;
  MEDIC_CHECK(key.size() <= block);
  std::array<std::uint8_t, 128> inner_pad{};
  std::array<std::uint8_t, 128> outer_pad{};
  std::ranges::copy(key, inner_pad.begin());
  std::ranges::copy(key, outer_pad.begin());
  for (std::size_t i = 0; i < block; ++i) {
    inner_pad[i] ^= 0x36U;
    outer_pad[i] ^= 0x5CU;
  }
  const Contexts::OfHash& with = contexts_->hash_of(suite);
  EVP_MD_CTX* const context = with.context.get();
  MEDIC_CHECK(EVP_DigestInit_ex2(context, with.digest.get(), nullptr) == 1);
  EVP_DigestUpdate(context, inner_pad.data(), block);
  for (const ByteView part : parts) {
    EVP_DigestUpdate(context, part.data(), part.size());
  }
  Hash inner;
  unsigned int size = 0;
  MEDIC_CHECK(EVP_DigestFinal_ex(context, inner.octets.data(), &size) == 1);
  inner.size = size;
  return hash(suite, {ByteView(outer_pad).first(block), inner.view()});
}

// HKDF-Expand-Label; what is asked for is never longer than one hash value.
void Protection::expand_label(Suite suite, const Hash& secret, std::string_view label,
                              ByteView context, std::span<std::uint8_t> out) {
  Bytes info;
  info.reserve(64 + context.size());
  ByteWriter writer(info);
  writer.u16(static_cast<std::uint16_t>(out.size()));
  writer.vector(1, [&] {
    writer.bytes(as_bytes("tls13 "));
    writer.bytes(as_bytes(label));
  });
  writer.vector(1, [&] { writer.bytes(context); });
  writer.u8(1);  // the first block of HKDF-Expand, RFC 5869 section 2.3
  const Hash block = hmac(suite, secret.view(), {info});
  MEDIC_CHECK(out.size() <= block.size);
  std::ranges::copy(block.view().first(out.size()), out.begin());
}

Hash Protection::derived(Suite suite, const Hash& secret, std::string_view label,
                         const Hash& context) {
  Hash result{.size = sizes_of(suite).hash};
  expand_label(suite, secret, label, context.view(), std::span(result.octets).first(result.size));
  return result;
}

TrafficKeys Protection::traffic_keys(Suite suite, const Hash& secret) {
  TrafficKeys keys;
  expand_label(suite, secret, "key", {}, std::span(keys.key).first(sizes_of(suite).key));
  expand_label(suite, secret, "iv", {}, keys.iv);
  return keys;
}

HandshakeKeys Protection::handshake_keys(Suite suite, ByteView shared_secret,
                                         const Hash& transcript) {
  const Hash zeros{.size = sizes_of(suite).hash};
  const Hash early = hmac(suite, zeros.view(), {zeros.view()});
  const Hash salt = derived(suite, early, "derived", hash(suite, {}));
  const Hash handshake = hmac(suite, salt.view(), {shared_secret});
  return {.client = traffic_keys(suite, derived(suite, handshake, "c hs traffic", transcript)),
          .server = traffic_keys(suite, derived(suite, handshake, "s hs traffic", transcript))};
}

std::optional<Bytes> Protection::open(Suite suite, TrafficKeys& keys, ByteView header,
                                      ByteView sealed) {
  if (sealed.size() < kTagBytes + 1) {
    return std::nullopt;
  }
  const x509::ErrorMark mark;
  const Contexts::OfSuite& with = contexts_->of(suite);
  EVP_CIPHER_CTX* const context = with.open.get();
  const auto nonce = nonce_of(keys);
  const ByteView text = sealed.first(sealed.size() - kTagBytes);
  Bytes tag(sealed.end() - kTagBytes, sealed.end());
  Bytes plain(text.size());
  int written = 0;
  if (EVP_DecryptInit_ex2(context, with.cipher.get(), keys.key.data(), nonce.data(), nullptr) !=
          1 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes),
                          tag.data()) != 1 ||
      EVP_DecryptUpdate(context, nullptr, &written, header.data(),
                        static_cast<int>(header.size())) != 1 ||
      EVP_DecryptUpdate(context, plain.data(), &written, text.data(),
                        static_cast<int>(text.size())) != 1 ||
      EVP_DecryptFinal_ex(context, plain.data() + written, &written) != 1) {
    return std::nullopt;
  }
  return plain;
}

Bytes Protection::seal(Suite suite, TrafficKeys& keys, ContentType type, ByteView plain) {
  const Contexts::OfSuite& with = contexts_->of(suite);
  EVP_CIPHER_CTX* const context = with.seal.get();
  const auto nonce = nonce_of(keys);
  Bytes inner(plain.begin(), plain.end());
  inner.push_back(static_cast<std::uint8_t>(type));
  Bytes record;
  ByteWriter writer(record);
  writer.u8(static_cast<std::uint8_t>(ContentType::ApplicationData));
  writer.u16(kTls12);
  writer.u16(static_cast<std::uint16_t>(inner.size() + kTagBytes));
  record.resize(kRecordHeaderBytes + inner.size() + kTagBytes);
  std::uint8_t* const body = record.data() + kRecordHeaderBytes;
  int written = 0;
  MEDIC_CHECK(EVP_EncryptInit_ex2(context, with.cipher.get(), keys.key.data(), nonce.data(),
                                  nullptr) == 1 &&
              EVP_EncryptUpdate(context, nullptr, &written, record.data(),
                                static_cast<int>(kRecordHeaderBytes)) == 1 &&
              EVP_EncryptUpdate(context, body, &written, inner.data(),
                                static_cast<int>(inner.size())) == 1 &&
              EVP_EncryptFinal_ex(context, body + inner.size(), &written) == 1 &&
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes),
                                  body + inner.size()) == 1);
  return record;
}

}  // namespace medic::tlswire
