#include <array>

#include "x509/der.h"
#include "x509/oid.h"
#include "x509/parts.h"

namespace medic::x509 {
namespace {

struct KnownKey {
  Oid oid;
  KeyType type = KeyType::Other;
};

constexpr std::array kKnownKeys = {
    KnownKey{make_oid({1, 2, 840, 113549, 1, 1, 1}), KeyType::Rsa},
    KnownKey{make_oid({1, 2, 840, 10045, 2, 1}), KeyType::Ec},
    KnownKey{make_oid({1, 3, 101, 112}), KeyType::Ed25519},
    KnownKey{make_oid({1, 3, 101, 113}), KeyType::Ed448},
    KnownKey{make_oid({1, 2, 840, 113549, 1, 1, 10}), KeyType::RsaPss},
    KnownKey{make_oid({1, 2, 840, 10040, 4, 1}), KeyType::Dsa},
};

struct KnownCurve {
  Oid oid;
  std::string_view name;
  std::uint32_t bits = 0;
};

constexpr std::array kKnownCurves = {
    KnownCurve{make_oid({1, 2, 840, 10045, 3, 1, 7}), "P-256", 256},
    KnownCurve{make_oid({1, 3, 132, 0, 34}), "P-384", 384},
    KnownCurve{make_oid({1, 3, 132, 0, 35}), "P-521", 521},
    KnownCurve{make_oid({1, 3, 132, 0, 33}), "P-224", 224},
    KnownCurve{make_oid({1, 2, 840, 10045, 3, 1, 1}), "P-192", 192},
    KnownCurve{make_oid({1, 3, 132, 0, 10}), "secp256k1", 256},
    KnownCurve{make_oid({1, 3, 36, 3, 3, 2, 8, 1, 1, 7}), "brainpoolP256r1", 256},
    KnownCurve{make_oid({1, 3, 36, 3, 3, 2, 8, 1, 1, 11}), "brainpoolP384r1", 384},
    KnownCurve{make_oid({1, 3, 36, 3, 3, 2, 8, 1, 1, 13}), "brainpoolP512r1", 512},
};

struct KnownSignature {
  Oid oid;
  KeyType key = KeyType::Other;
  HashAlgorithm hash = HashAlgorithm::Other;
  std::string_view text;  // OpenSSL's long name
};

constexpr std::array kKnownSignatures = {
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 11}), KeyType::Rsa, HashAlgorithm::Sha256,
                   "sha256WithRSAEncryption"},
    KnownSignature{make_oid({1, 2, 840, 10045, 4, 3, 2}), KeyType::Ec, HashAlgorithm::Sha256,
                   "ecdsa-with-SHA256"},
    KnownSignature{make_oid({1, 2, 840, 10045, 4, 3, 3}), KeyType::Ec, HashAlgorithm::Sha384,
                   "ecdsa-with-SHA384"},
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 12}), KeyType::Rsa, HashAlgorithm::Sha384,
                   "sha384WithRSAEncryption"},
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 13}), KeyType::Rsa, HashAlgorithm::Sha512,
                   "sha512WithRSAEncryption"},
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 10}), KeyType::RsaPss, HashAlgorithm::Other,
                   "rsassaPss"},
    KnownSignature{make_oid({1, 2, 840, 10045, 4, 3, 4}), KeyType::Ec, HashAlgorithm::Sha512,
                   "ecdsa-with-SHA512"},
    KnownSignature{make_oid({1, 2, 840, 10045, 4, 3, 1}), KeyType::Ec, HashAlgorithm::Sha224,
                   "ecdsa-with-SHA224"},
    KnownSignature{make_oid({1, 2, 840, 10045, 4, 1}), KeyType::Ec, HashAlgorithm::Sha1,
                   "ecdsa-with-SHA1"},
    KnownSignature{make_oid({1, 3, 101, 112}), KeyType::Ed25519, HashAlgorithm::None, "ED25519"},
    KnownSignature{make_oid({1, 3, 101, 113}), KeyType::Ed448, HashAlgorithm::None, "ED448"},
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 5}), KeyType::Rsa, HashAlgorithm::Sha1,
                   "sha1WithRSAEncryption"},
    // OIW's, still met in old roots.
    KnownSignature{make_oid({1, 3, 14, 3, 2, 29}), KeyType::Rsa, HashAlgorithm::Sha1,
                   "sha1WithRSA"},
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 14}), KeyType::Rsa, HashAlgorithm::Sha224,
                   "sha224WithRSAEncryption"},
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 4}), KeyType::Rsa, HashAlgorithm::Md5,
                   "md5WithRSAEncryption"},
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 3}), KeyType::Rsa, HashAlgorithm::Md4,
                   "md4WithRSAEncryption"},
    KnownSignature{make_oid({1, 2, 840, 113549, 1, 1, 2}), KeyType::Rsa, HashAlgorithm::Md2,
                   "md2WithRSAEncryption"},
    KnownSignature{make_oid({1, 2, 840, 10040, 4, 3}), KeyType::Dsa, HashAlgorithm::Sha1,
                   "dsaWithSHA1"},
    KnownSignature{make_oid({2, 16, 840, 1, 101, 3, 4, 3, 1}), KeyType::Dsa, HashAlgorithm::Sha224,
                   "dsa_with_SHA224"},
    KnownSignature{make_oid({2, 16, 840, 1, 101, 3, 4, 3, 2}), KeyType::Dsa, HashAlgorithm::Sha256,
                   "dsa_with_SHA256"},
};

// The hash of RSASSA-PSS-params (RFC 4055 section 3.1); SHA-1 when absent.
HashAlgorithm pss_hash(ByteView parameters) {
  der::Failure failure;
  der::Reader reader(parameters, failure);
  der::Reader fields = reader.inside(der::kSequence);
  if (!fields.next_is(der::context_constructed(0))) {
    return failure.failed() ? HashAlgorithm::Other : HashAlgorithm::Sha1;
  }
  der::Reader field = fields.inside(der::context_constructed(0));
  const HashAlgorithm hash = hash_algorithm(field.inside(der::kSequence).oid());
  return failure.failed() ? HashAlgorithm::Other : hash;
}

// RSAPublicKey (RFC 8017 appendix A.1.1).
std::uint32_t rsa_bits(ByteView key) {
  der::Failure failure;
  der::Reader reader(key, failure);
  der::Reader fields = reader.inside(der::kSequence);
  const ByteView modulus = fields.integer();
  fields.integer();
  fields.end();
  const bool negative = !modulus.empty() && (modulus[0] & 0x80U) != 0;
  return failure.failed() || negative ? 0 : der::bit_length(modulus);
}

// Dss-Parms (RFC 3279 section 2.3.2): the first integer is p.
std::uint32_t dsa_bits(ByteView parameters) {
  der::Failure failure;
  der::Reader reader(parameters, failure);
  const ByteView p = reader.inside(der::kSequence).integer();
  return failure.failed() ? 0 : der::bit_length(p);
}

// ECParameters (RFC 3279 section 2.3.5) that spell the curve out: the field's prime.
std::uint32_t explicit_curve_bits(ByteView parameters) {
  der::Failure failure;
  der::Reader reader(parameters, failure);
  der::Reader fields = reader.inside(der::kSequence);
  fields.integer();
  der::Reader field = fields.inside(der::kSequence);
  field.oid();
  const ByteView prime = field.next_is(der::kInteger) ? field.integer() : ByteView{};
  return failure.failed() ? 0 : der::bit_length(prime);
}

void read_curve(ByteView parameters, PublicKey& key) {
  der::Failure failure;
  der::Reader reader(parameters, failure);
  if (reader.next_is(der::kSequence)) {
    key.curve = "explicit";
    key.bits = explicit_curve_bits(parameters);
    return;
  }
  const ByteView oid = reader.oid();
  if (failure.failed()) {
    return;
  }
  for (const KnownCurve& known : kKnownCurves) {
    if (known.oid == oid) {
      key.curve = known.name;
      key.bits = known.bits;
      return;
    }
  }
  key.curve = dotted(oid);
}

// What the algorithm says of the key's size; a key that cannot be read keeps 0 bits.
void measure(PublicKey& key, ByteView parameters, std::vector<Anomaly>& anomalies) {
  bool readable = true;
  switch (key.type) {
    case KeyType::Rsa:
    case KeyType::RsaPss:
      key.bits = rsa_bits(key.bits_content);
      readable = key.bits != 0;
      break;
    case KeyType::Ec:
      read_curve(parameters, key);
      readable = !key.curve.empty() && !key.bits_content.empty();
      break;
    case KeyType::Ed25519:
      key.bits = 256;
      readable = key.bits_content.size() == 32;
      break;
    case KeyType::Ed448:
      key.bits = 456;
      readable = key.bits_content.size() == 57;
      break;
    case KeyType::Dsa:
      key.bits = dsa_bits(parameters);
      readable = key.bits != 0;
      break;
    case KeyType::Other:
      break;
  }
  if (!readable) {
    anomalies.push_back({.id = "bad-public-key",
                         .detail = "the public key is not of the form its algorithm has",
                         .oid = key.algorithm});
  }
}

}  // namespace

HashAlgorithm hash_algorithm(ByteView oid) {
  struct KnownHash {
    Oid oid;
    HashAlgorithm hash = HashAlgorithm::Other;
  };
  static constexpr std::array kKnown = {
      KnownHash{make_oid({2, 16, 840, 1, 101, 3, 4, 2, 1}), HashAlgorithm::Sha256},
      KnownHash{make_oid({2, 16, 840, 1, 101, 3, 4, 2, 2}), HashAlgorithm::Sha384},
      KnownHash{make_oid({2, 16, 840, 1, 101, 3, 4, 2, 3}), HashAlgorithm::Sha512},
      KnownHash{make_oid({2, 16, 840, 1, 101, 3, 4, 2, 4}), HashAlgorithm::Sha224},
      KnownHash{make_oid({1, 3, 14, 3, 2, 26}), HashAlgorithm::Sha1},
      KnownHash{make_oid({1, 2, 840, 113549, 2, 5}), HashAlgorithm::Md5},
      KnownHash{make_oid({1, 2, 840, 113549, 2, 4}), HashAlgorithm::Md4},
      KnownHash{make_oid({1, 2, 840, 113549, 2, 2}), HashAlgorithm::Md2},
  };
  for (const KnownHash& known : kKnown) {
    if (known.oid == oid) {
      return known.hash;
    }
  }
  return HashAlgorithm::Other;
}

SignatureAlgorithm read_signature_algorithm(der::Reader& reader) {
  const der::Element whole = reader.element(der::kSequence);
  der::Reader fields(whole.content, reader.failure());
  const ByteView oid = fields.oid();
  const ByteView parameters = fields.rest();
  if (fields.ok() && !fields.at_end()) {
    fields.element();
    fields.end();
  }
  if (!fields.ok()) {
    return {};
  }
  for (const KnownSignature& known : kKnownSignatures) {
    if (known.oid == oid) {
      SignatureAlgorithm algorithm{.oid = dotted(oid),
                                   .key = known.key,
                                   .hash = known.hash,
                                   .text = std::string(known.text),
                                   .der = whole.whole,
                                   .parameters = parameters};
      if (known.key == KeyType::RsaPss) {
        algorithm.hash = pss_hash(parameters);
      }
      return algorithm;
    }
  }
  const std::string text = dotted(oid);
  return {.oid = text,
          .key = KeyType::Other,
          .hash = HashAlgorithm::Other,
          .text = text,
          .der = whole.whole,
          .parameters = parameters};
}

PublicKey read_public_key(der::Reader& reader, std::vector<Anomaly>& anomalies) {
  const der::Element whole = reader.element(der::kSequence);
  der::Reader fields(whole.content, reader.failure());
  der::Reader algorithm = fields.inside(der::kSequence);
  const ByteView oid = algorithm.oid();
  const ByteView parameters = algorithm.rest();
  if (algorithm.ok() && !algorithm.at_end()) {
    algorithm.element();
    algorithm.end();
  }
  const der::BitString bits = der::bit_string(fields);
  fields.end();
  PublicKey key;
  if (!fields.ok()) {
    return key;
  }
  key.algorithm = dotted(oid);
  key.parameters = parameters;
  key.spki = whole.whole;
  key.bits_content = bits.octets;
  for (const KnownKey& known : kKnownKeys) {
    if (known.oid == oid) {
      key.type = known.type;
      break;
    }
  }
  measure(key, parameters, anomalies);
  return key;
}

}  // namespace medic::x509
