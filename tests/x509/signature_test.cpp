#include "x509/signature.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "tests/x509/made_certificate.h"

namespace medic::x509 {
namespace {

struct SignatureCase {
  std::string_view name;
  const char* key_type;
  const char* group;  // EC curve, or empty
  int bits;           // RSA
  const char* digest;
  int pss_salt;  // -1: not PSS
  KeyType key;
  HashAlgorithm hash;
  std::string_view why;
};

constexpr auto kCases = std::to_array<SignatureCase>({
    {"rsa-sha256", "RSA", "", 2048, "SHA256", -1, KeyType::Rsa, HashAlgorithm::Sha256, "usual"},
    {"rsa-sha1", "RSA", "", 1024, "SHA1", -1, KeyType::Rsa, HashAlgorithm::Sha1,
     "weak ones must be checkable: judging them is a policy's business"},
    {"rsa-md5", "RSA", "", 1024, "MD5", -1, KeyType::Rsa, HashAlgorithm::Md5, "the same"},
    {"rsa-sha224", "RSA", "", 2048, "SHA224", -1, KeyType::Rsa, HashAlgorithm::Sha224, "rare"},
    {"rsa-sha384", "RSA", "", 2048, "SHA384", -1, KeyType::Rsa, HashAlgorithm::Sha384, "usual"},
    {"rsa-sha512", "RSA", "", 2048, "SHA512", -1, KeyType::Rsa, HashAlgorithm::Sha512, "usual"},
    {"pss-sha256", "RSA", "", 2048, "SHA256", 32, KeyType::RsaPss, HashAlgorithm::Sha256,
     "RSASSA-PSS by an rsaEncryption key"},
    {"pss-sha1", "RSA", "", 2048, "SHA1", 20, KeyType::RsaPss, HashAlgorithm::Sha1,
     "all parameters are defaults and left out"},
    {"pss-sha384-salt-7", "RSA", "", 2048, "SHA384", 7, KeyType::RsaPss, HashAlgorithm::Sha384,
     "a salt of another length than the hash"},
    {"pss-key", "RSA-PSS", "", 2048, "SHA256", 32, KeyType::RsaPss, HashAlgorithm::Sha256,
     "an id-RSASSA-PSS key"},
    {"p256", "EC", "P-256", 0, "SHA256", -1, KeyType::Ec, HashAlgorithm::Sha256, "usual"},
    {"p384", "EC", "P-384", 0, "SHA384", -1, KeyType::Ec, HashAlgorithm::Sha384, "usual"},
    {"p521", "EC", "P-521", 0, "SHA512", -1, KeyType::Ec, HashAlgorithm::Sha512, "usual"},
    {"p256-sha512", "EC", "P-256", 0, "SHA512", -1, KeyType::Ec, HashAlgorithm::Sha512,
     "a hash longer than the order is cut"},
    {"p256-sha1", "EC", "P-256", 0, "SHA1", -1, KeyType::Ec, HashAlgorithm::Sha1, "weak"},
    {"secp256k1", "EC", "secp256k1", 0, "SHA256", -1, KeyType::Ec, HashAlgorithm::Sha256,
     "a curve without a fast way in"},
    {"ed25519", "ED25519", "", 0, "", -1, KeyType::Ed25519, HashAlgorithm::None, "no digest"},
    {"ed448", "ED448", "", 0, "", -1, KeyType::Ed448, HashAlgorithm::None, "no digest"},
});

KeyPointer key_of(const SignatureCase& c) {
  return made_key(c.key_type, c.group, c.bits);
}

// A self-signed certificate of the case, DER.
Bytes self_signed(const SignatureCase& c, EVP_PKEY* key) {
  const X509Pointer certificate = unsigned_certificate(key, c.name);
  sign_certificate(certificate.get(), key, c.digest, c.pss_salt);
  return encoded(certificate.get());
}

TEST(Signature, EveryAlgorithmIsCheckedAndAChangedOctetIsBad) {
  for (const SignatureCase& c : kCases) {
    SCOPED_TRACE(fmt::format("{}: {}", c.name, c.why));
    const KeyPointer key = key_of(c);
    ASSERT_NE(key, nullptr);
    const Bytes der = self_signed(c, key.get());
    const auto certificate = parse_certificate(der);
    ASSERT_TRUE(certificate.has_value()) << certificate.error().what;
    EXPECT_EQ((*certificate)->signature_algorithm.key, c.key);
    EXPECT_EQ((*certificate)->signature_algorithm.hash, c.hash);
    EXPECT_TRUE((*certificate)->anomalies.empty());
    const VerifyingKey ready((*certificate)->public_key);
    EXPECT_TRUE(ready.usable());
    EXPECT_EQ(check_signature(**certificate, ready), SignatureCheck::Good);
    EXPECT_EQ(check_signature(**certificate, (*certificate)->public_key), SignatureCheck::Good);

    Bytes changed = der;
    changed.back() ^= 1U;  // the last octet of the signature
    const auto forged = parse_certificate(changed);
    ASSERT_TRUE(forged.has_value());
    EXPECT_EQ(check_signature(**forged, ready), SignatureCheck::Bad);
  }
}

TEST(Signature, AKeyOfAnotherTypeOrAnotherKeyIsBad) {
  const KeyPointer mine = key_of(kCases[10]);
  const KeyPointer other = key_of(kCases[10]);
  const KeyPointer rsa = key_of(kCases[0]);
  const auto certificate = parse_certificate(self_signed(kCases[10], mine.get()));
  const auto same_type = parse_certificate(self_signed(kCases[10], other.get()));
  const auto other_type = parse_certificate(self_signed(kCases[0], rsa.get()));
  ASSERT_TRUE(certificate && same_type && other_type);
  EXPECT_EQ(check_signature(**certificate, (*same_type)->public_key), SignatureCheck::Bad);
  EXPECT_EQ(check_signature(**certificate, (*other_type)->public_key), SignatureCheck::Bad);
}

TEST(Signature, AKeyThatCannotBeReadIsUnsupported) {
  PublicKey key;
  key.type = KeyType::Ec;
  key.curve = "P-256";
  const Bytes junk(65, 0x04);
  key.bits_content = junk;
  EXPECT_FALSE(VerifyingKey(key).usable()) << "not a point of the curve";
  key.curve = "explicit";
  EXPECT_FALSE(VerifyingKey(key).usable());
  key.type = KeyType::Rsa;
  EXPECT_FALSE(VerifyingKey(key).usable());
  key.type = KeyType::Other;
  EXPECT_FALSE(VerifyingKey(key).usable());
}

TEST(Signature, LeavesNothingInOpensslsErrorQueue) {
  const KeyPointer key = key_of(kCases[0]);
  Bytes der = self_signed(kCases[0], key.get());
  der.back() ^= 1U;
  const auto certificate = parse_certificate(der);
  ASSERT_TRUE(certificate.has_value());
  ERR_clear_error();
  EXPECT_EQ(check_signature(**certificate, (*certificate)->public_key), SignatureCheck::Bad);
  EXPECT_EQ(ERR_peek_error(), 0UL);
}

}  // namespace
}  // namespace medic::x509
