#include "tlswire/peer_signature.h"

#include <array>
#include <string_view>

#include "tlswire/hello.h"
#include "tlswire/wire.h"

namespace medic::tlswire {
namespace {

using x509::HashAlgorithm;
using x509::KeyType;

// RSASSA-PSS-params (RFC 4055 section 3.1) with one hash for text and mask, and a salt as long as
// it: what the rsa_pss schemes of RFC 8446 mean. Only the hash's last octet and the salt differ.
constexpr std::array<std::uint8_t, 54> pss_parameters(std::uint8_t hash, std::uint8_t salt) {
  return {0x30, 0x34, 0xA0, 0x0F, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
          0x04, 0x02, hash, 0x05, 0x00, 0xA1, 0x1C, 0x30, 0x1A, 0x06, 0x09, 0x2A, 0x86, 0x48,
          0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
          0x65, 0x03, 0x04, 0x02, hash, 0x05, 0x00, 0xA2, 0x03, 0x02, 0x01, salt};
}
constexpr auto kPss256 = pss_parameters(1, 32);
constexpr auto kPss384 = pss_parameters(2, 48);
constexpr auto kPss512 = pss_parameters(3, 64);

struct Scheme {
  std::uint16_t id = 0;
  KeyType signature = KeyType::Other;
  KeyType key = KeyType::Other;  // of the certificate
  HashAlgorithm hash = HashAlgorithm::Other;
  std::string_view curve;  // TLS 1.3 ties the curve to the hash
  ByteView parameters;
  bool in_tls13 = true;
};

constexpr std::array kSchemes = {
    Scheme{0x0403, KeyType::Ec, KeyType::Ec, HashAlgorithm::Sha256, "P-256", {}},
    Scheme{0x0503, KeyType::Ec, KeyType::Ec, HashAlgorithm::Sha384, "P-384", {}},
    Scheme{0x0603, KeyType::Ec, KeyType::Ec, HashAlgorithm::Sha512, "P-521", {}},
    Scheme{0x0804, KeyType::RsaPss, KeyType::Rsa, HashAlgorithm::Sha256, {}, kPss256},
    Scheme{0x0805, KeyType::RsaPss, KeyType::Rsa, HashAlgorithm::Sha384, {}, kPss384},
    Scheme{0x0806, KeyType::RsaPss, KeyType::Rsa, HashAlgorithm::Sha512, {}, kPss512},
    Scheme{0x0809, KeyType::RsaPss, KeyType::RsaPss, HashAlgorithm::Sha256, {}, kPss256},
    Scheme{0x080A, KeyType::RsaPss, KeyType::RsaPss, HashAlgorithm::Sha384, {}, kPss384},
    Scheme{0x080B, KeyType::RsaPss, KeyType::RsaPss, HashAlgorithm::Sha512, {}, kPss512},
    Scheme{0x0807, KeyType::Ed25519, KeyType::Ed25519, HashAlgorithm::None, {}, {}},
    Scheme{0x0401, KeyType::Rsa, KeyType::Rsa, HashAlgorithm::Sha256, {}, {}, false},
    Scheme{0x0501, KeyType::Rsa, KeyType::Rsa, HashAlgorithm::Sha384, {}, {}, false},
    Scheme{0x0601, KeyType::Rsa, KeyType::Rsa, HashAlgorithm::Sha512, {}, {}, false},
};

const Scheme* find_scheme(std::uint16_t id) {
  for (const Scheme& scheme : kSchemes) {
    if (scheme.id == id) {
      return &scheme;
    }
  }
  return nullptr;
}

bool is_allowed(const Scheme& scheme, std::uint16_t version, const x509::PublicKey& key) {
  if (scheme.key != key.type) {
    return false;
  }
  return version != kTls13 ||
         (scheme.in_tls13 && (scheme.curve.empty() || scheme.curve == key.curve));
}

}  // namespace

PeerSignature check_peer_signature(x509::PassingKeys& keys, const x509::PublicKey& key,
                                   const SignedByPeer& what) {
  if (!offers_scheme(what.scheme)) {
    return PeerSignature::NotAllowed;
  }
  const Scheme* const scheme = find_scheme(what.scheme);
  if (scheme == nullptr) {
    return PeerSignature::Unsupported;  // Ed448 is offered as OpenSSL offers it
  }
  if (!is_allowed(*scheme, what.version, key)) {
    return PeerSignature::NotAllowed;
  }
  x509::SignatureAlgorithm algorithm;
  algorithm.key = scheme->signature;
  algorithm.hash = scheme->hash;
  algorithm.parameters = scheme->parameters;
  switch (keys.check(key, algorithm, what.content, what.signature)) {
    case x509::SignatureCheck::Good:
      return PeerSignature::Good;
    case x509::SignatureCheck::Bad:
      return PeerSignature::Bad;
    case x509::SignatureCheck::Unsupported:
      break;
  }
  return PeerSignature::Unsupported;
}

}  // namespace medic::tlswire
