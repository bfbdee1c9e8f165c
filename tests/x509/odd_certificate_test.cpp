#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "tests/x509/der_writer.h"
#include "x509/certificate.h"
#include "x509/signature.h"

namespace medic::x509 {
namespace {

using Theirs = std::unique_ptr<X509, decltype(&X509_free)>;

Theirs openssl_reads(const Bytes& der) {
  const unsigned char* at = der.data();
  Theirs certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  if (certificate && at != der.data() + der.size()) {
    certificate.reset();
  }
  ERR_clear_error();
  return certificate;
}

const Bytes kBasicConstraints = {0x55, 0x1D, 0x13};
const Bytes kKeyUsage = {0x55, 0x1D, 0x0F};
const Bytes kExtendedKeyUsage = {0x55, 0x1D, 0x25};
const Bytes kSubjectAltName = {0x55, 0x1D, 0x11};
const Bytes kNameConstraints = {0x55, 0x1D, 0x1E};
const Bytes kSubjectKeyId = {0x55, 0x1D, 0x0E};
const Bytes kAuthorityKeyId = {0x55, 0x1D, 0x23};
const Bytes kTlsFeature = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x18};
const Bytes kUnknown = {0x2A, 0x03, 0x04};

// What OpenSSL makes of it: the reason a policy may go by the anomaly.
enum class Openssl {
  Fine,     // parses, no flag
  Invalid,  // parses, EXFLAG_INVALID: X509_V_ERR_INVALID_EXTENSION or the like
};

struct OddCase {
  std::string_view anomaly;  // empty: none
  OddCertificate certificate;
  Openssl openssl;
  std::string_view why;
};

OddCertificate with(Bytes OddCertificate::* part, const Bytes& value) {
  OddCertificate certificate;
  certificate.*part = value;
  return certificate;
}
OddCertificate with_extension(const Bytes& oid, const Bytes& value, bool critical = false) {
  OddCertificate certificate;
  certificate.with_extension(oid, value, critical);
  return certificate;
}
OddCertificate with_algorithms(OddCertificate certificate, const Bytes& version,
                               const Bytes& unique_ids, bool extension_field) {
  certificate.version = version;
  certificate.unique_ids = unique_ids;
  certificate.extension_field = extension_field;
  return certificate;
}

std::vector<OddCase> odd_cases() {
  const Bytes generalized_2020 = text(der::kGeneralizedTime, "20200101000000Z");
  OddCertificate twice = with_extension(kKeyUsage, tlv(der::kBitString, {0x07, 0x80}));
  twice.with_extension(kKeyUsage, tlv(der::kBitString, {0x07, 0x80}));
  const auto subtree = [](const Bytes& base, const Bytes& bounds) {
    return sequence(tlv(0xA0, sequence(base + bounds)));
  };
  return {
      {"", {}, Openssl::Fine, "the certificate that the others differ from"},
      {"negative-serial", with(&OddCertificate::serial, tlv(der::kInteger, {0x80})), Openssl::Fine,
       "RFC 5280 4.1.2.2"},
      {"zero-serial", with(&OddCertificate::serial, integer(0)), Openssl::Fine, "RFC 5280 4.1.2.2"},
      {"long-serial", with(&OddCertificate::serial, tlv(der::kInteger, Bytes(21, 0x01))),
       Openssl::Fine, "20 octets at most"},
      {"", with(&OddCertificate::serial, tlv(der::kInteger, Bytes(20, 0x01))), Openssl::Fine,
       "20 octets are allowed"},
      {"bad-version", with(&OddCertificate::version, tlv(0xA0, integer(3))), Openssl::Fine,
       "version 4 does not exist"},
      {"explicit-default", with(&OddCertificate::version, tlv(0xA0, integer(0))), Openssl::Fine,
       "version 1 is the default"},
      {"bad-not-before", with(&OddCertificate::not_before, text(der::kUtcTime, "2001010000Z")),
       Openssl::Fine, "without seconds"},
      {"bad-not-before",
       with(&OddCertificate::not_before, text(der::kUtcTime, "200101000000+0900")), Openssl::Fine,
       "with an offset"},
      {"bad-not-after", with(&OddCertificate::not_after, text(der::kUtcTime, "hello")),
       Openssl::Fine, "not a time"},
      {"bad-not-after", with(&OddCertificate::not_after, text(der::kUtcTime, "300231000000Z")),
       Openssl::Fine, "February has no 31st"},
      {"bad-not-after",
       with(&OddCertificate::not_after, text(der::kGeneralizedTime, "20600101000000.5Z")),
       Openssl::Fine, "a fraction"},
      {"early-generalized-time", with(&OddCertificate::not_before, generalized_2020), Openssl::Fine,
       "RFC 5280 4.1.2.5"},
      {"", with(&OddCertificate::not_after, text(der::kGeneralizedTime, "20500101000000Z")),
       Openssl::Fine, "from 2050 on it must be GeneralizedTime"},
      {"empty-issuer", with(&OddCertificate::issuer, sequence({})), Openssl::Fine,
       "RFC 5280 4.1.2.4"},
      {"", with(&OddCertificate::subject, sequence({})), Openssl::Fine,
       "an empty subject is allowed"},
      {"bad-public-key",
       with(&OddCertificate::key, sequence(sequence(tlv(der::kOid, {0x2A, 0x86, 0x48, 0x86, 0xF7,
                                                                    0x0D, 0x01, 0x01, 0x01}) +
                                                    tlv(der::kNull, {})) +
                                           tlv(der::kBitString, {0x00, 0x01, 0x02}))),
       Openssl::Fine, "OpenSSL finds out when it needs the key"},
      {"empty-extensions", with_algorithms({}, tlv(0xA0, integer(2)), {}, true), Openssl::Fine,
       "SIZE (1..MAX)"},
      {"extensions-in-old-version",
       [] {
         OddCertificate c = with_extension(kSubjectKeyId, text(der::kOctetString, "id"));
         c.version = {};
         return c;
       }(),
       Openssl::Fine, "version 1 has none"},
      {"unique-id-in-v1", with_algorithms({}, {}, tlv(0x81, {0x00, 0x01}), false), Openssl::Fine,
       "version 1 has none"},
      {"duplicate-extension", twice, Openssl::Invalid, "RFC 5280 4.2"},
      {"bad-extension", with_extension(kKeyUsage, octets("junk")), Openssl::Invalid, "no DER"},
      {"bad-extension", with_extension(kBasicConstraints, integer(1)), Openssl::Invalid,
       "another type"},
      {"bad-extension", with_extension(kSubjectAltName, sequence(tlv(0x9F, {}))), Openssl::Invalid,
       "a kind of name that does not exist"},
      {"bad-extension", with_extension(kNameConstraints, tlv(der::kSet, {})), Openssl::Invalid,
       "another type"},
      {"bad-extension", with_extension(kExtendedKeyUsage, sequence(integer(1))), Openssl::Invalid,
       "a purpose that is no OID"},
      {"bad-extension", with_extension(kSubjectKeyId, integer(1)), Openssl::Invalid,
       "another type"},
      {"bad-extension", with_extension(kAuthorityKeyId, integer(1)), Openssl::Invalid,
       "another type"},
      {"bad-extension", with_extension(kTlsFeature, integer(1)), Openssl::Fine,
       "OpenSSL does not look"},
      {"trailing-extension-data",
       with_extension(kSubjectKeyId, text(der::kOctetString, "id") + integer(1)), Openssl::Fine,
       "OpenSSL ignores what follows"},
      {"path-length-without-ca", with_extension(kBasicConstraints, sequence(integer(1))),
       Openssl::Fine, "only X509_STRICT objects"},
      {"negative-path-length",
       with_extension(kBasicConstraints, sequence(boolean(true) + tlv(der::kInteger, {0xFF}))),
       Openssl::Invalid, "RFC 5280 4.2.1.9"},
      {"explicit-default", with_extension(kBasicConstraints, sequence(boolean(false))),
       Openssl::Fine, "many CAs write it"},
      {"empty-key-usage", with_extension(kKeyUsage, tlv(der::kBitString, {0x00})), Openssl::Invalid,
       "RFC 5280 4.2.1.3"},
      {"bad-ip-length", with_extension(kSubjectAltName, sequence(tlv(0x87, {1, 2, 3}))),
       Openssl::Fine, "an address of three octets"},
      {"non-ascii-name", with_extension(kSubjectAltName, sequence(text(0x82, "b\xC3\xBC.example"))),
       Openssl::Fine, "U-labels do not belong there"},
      {"empty-subject-alt-name", with_extension(kSubjectAltName, sequence({})), Openssl::Fine,
       "SIZE (1..MAX)"},
      {"empty-name-constraints", with_extension(kNameConstraints, sequence({})), Openssl::Fine,
       "RFC 5280 4.2.1.10"},
      {"subtree-bounds",
       with_extension(kNameConstraints, subtree(text(0x82, "a.example"), tlv(0x80, {1}))),
       Openssl::Fine, "minimum must be 0; OpenSSL says so when it meets it"},
      {"subtree-bounds",
       with_extension(kNameConstraints, subtree(text(0x82, "a.example"), tlv(0x81, {1}))),
       Openssl::Fine, "maximum must be absent"},
  };
}

TEST(OddCertificate, IsReadWithTheAnomalyNamed) {
  for (const OddCase& c : odd_cases()) {
    SCOPED_TRACE(fmt::format("'{}': {}", c.anomaly, c.why));
    const Bytes der = c.certificate.encoded();
    const auto ours = parse_certificate(der);
    ASSERT_TRUE(ours.has_value()) << ours.error().what;
    if (c.anomaly.empty()) {
      EXPECT_TRUE((*ours)->anomalies.empty()) << (*ours)->anomalies.front().id;
    } else {
      ASSERT_EQ((*ours)->anomalies.size(), 1U);
      EXPECT_EQ((*ours)->anomalies[0].id, c.anomaly);
      EXPECT_FALSE((*ours)->anomalies[0].detail.empty());
    }
    const Theirs theirs = openssl_reads(der);
    ASSERT_NE(theirs, nullptr) << "we may not read what OpenSSL refuses";
    EXPECT_EQ((X509_get_extension_flags(theirs.get()) & EXFLAG_INVALID) != 0,
              c.openssl == Openssl::Invalid);
    ERR_clear_error();
  }
}

struct RefusedCase {
  OddCertificate certificate;
  std::string_view place;  // part of the Error
  std::string_view why;
};

TEST(OddCertificate, ThatCannotBeReadIsAnErrorWithItsPlaceAndOpensslRefusesItToo) {
  const auto odd_name = [](std::uint8_t tag, const Bytes& value) {
    return sequence(tlv(der::kSet, sequence(tlv(der::kOid, {0x55, 0x04, 0x03}) + tlv(tag, value))));
  };
  const std::vector<RefusedCase> cases = {
      {with(&OddCertificate::trailing, {0x00}), "more data", "a trailing octet"},
      {with(&OddCertificate::serial, tlv(der::kInteger, {})), "empty or padded", "no serial"},
      {with(&OddCertificate::serial, tlv(der::kInteger, {0x00, 0x01})), "empty or padded",
       "padding"},
      {with(&OddCertificate::serial, text(der::kUtf8String, "1")), "another type", "no INTEGER"},
      {with(&OddCertificate::not_before, text(der::kUtf8String, "200101000000Z")), "neither",
       "no time type"},
      {with(&OddCertificate::subject, odd_name(der::kOctetString, {0x41})), "no attribute",
       "not a string type"},
      {with(&OddCertificate::subject, odd_name(der::kVisibleString, {0x41})), "no attribute",
       "a string type that DirectoryString lacks"},
      {with(&OddCertificate::subject, odd_name(der::kUtf8String, {0xC3})), "string type",
       "half a character"},
      {with(&OddCertificate::subject, odd_name(der::kUtf8String, {0xC0, 0x80})), "string type",
       "an overlong zero"},
      {with(&OddCertificate::subject, odd_name(der::kUtf8String, {0xED, 0xA0, 0x80})),
       "string type", "a surrogate"},
      {with(&OddCertificate::subject, odd_name(der::kBmpString, {0x00})), "string type",
       "half a BMP character"},
      {with(&OddCertificate::subject, odd_name(der::kBmpString, {0xD8, 0x00})), "string type",
       "a surrogate"},
      {with(&OddCertificate::subject, odd_name(der::kUniversalString, {0x00, 0x11, 0x00, 0x00})),
       "string type", "past the last character"},
      {with(&OddCertificate::signature, tlv(der::kBitString, {0x08, 0x00})), "unused bits",
       "eight unused bits"},
      {with(&OddCertificate::inner_algorithm, sequence({})), "", "an algorithm without an OID"},
      {with(&OddCertificate::key, sequence({})), "", "a key without anything"},
  };
  for (const RefusedCase& c : cases) {
    SCOPED_TRACE(c.why);
    const Bytes der = c.certificate.encoded();
    const auto ours = parse_certificate(der);
    ASSERT_FALSE(ours.has_value());
    EXPECT_EQ(ours.error().kind, ErrorKind::Data);
    EXPECT_NE(ours.error().what.find(c.place), std::string::npos) << ours.error().what;
    EXPECT_NE(ours.error().what.find("offset"), std::string::npos) << ours.error().what;
    EXPECT_LT(ours.error().what.size(), 300U) << "at most 32 foreign octets";
    EXPECT_EQ(openssl_reads(der), nullptr);
  }
}

TEST(OddCertificate, EveryCutIsAnError) {
  const Bytes der = with_extension(kSubjectAltName, sequence(text(0x82, "a.example"))).encoded();
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(parse_certificate(ByteView(der).first(size)).has_value()) << size;
  }
}

// Where our reader is DER and OpenSSL's is BER: listed, so that nobody is surprised.
TEST(OddCertificate, BerLengthsAreRefusedThoughOpensslReadsThem) {
  const Bytes der = OddCertificate{}.encoded();
  Bytes padded = der;  // 30 81 xx becomes 30 82 00 xx
  ASSERT_EQ(padded[1], 0x81);
  padded[1] = 0x82;
  padded.insert(padded.begin() + 2, 0x00);
  EXPECT_FALSE(parse_certificate(padded).has_value());
  EXPECT_NE(openssl_reads(padded), nullptr) << "no difference any more: drop this test";
}

TEST(OddCertificate, TooLargeIsALimit) {
  const auto large = parse_certificate(Bytes(kMaxCertificateBytes + 1, 0x30));
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().kind, ErrorKind::Limit);
}

TEST(OddCertificate, DifferingAlgorithmIdentifiersAreNoted) {
  OddCertificate odd;
  odd.outer_algorithm = sequence(tlv(der::kOid, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03}));
  const auto certificate = parse_certificate(odd.encoded());
  ASSERT_TRUE(certificate.has_value());
  EXPECT_FALSE((*certificate)->signature_algorithms_agree);
  EXPECT_EQ((*certificate)->signature_algorithm.text, "ecdsa-with-SHA384");
  EXPECT_EQ(check_signature(**certificate, (*certificate)->public_key), SignatureCheck::Bad);
}

TEST(OddCertificate, UnknownCriticalExtensionsFollowOpensslsList) {
  struct CriticalCase {
    Bytes oid;
    Bytes value;
    std::string_view expected;  // in unknown_critical, or empty
    std::string_view why;
  };
  const std::vector<CriticalCase> cases = {
      {kUnknown, {}, "1.2.3.4", "nobody knows it"},
      {kSubjectKeyId, text(der::kOctetString, "id"), "2.5.29.14", "must not be critical"},
      {kTlsFeature, sequence(integer(5)), "1.3.6.1.5.5.7.1.24", "OpenSSL does not process it"},
      {kKeyUsage, tlv(der::kBitString, {0x07, 0x80}), "", "processed"},
      {kNameConstraints, sequence(tlv(0xA0, sequence(text(0x82, "a")))), "", "processed"},
  };
  for (const CriticalCase& c : cases) {
    SCOPED_TRACE(c.why);
    const Bytes der = with_extension(c.oid, c.value, true).encoded();
    const auto certificate = parse_certificate(der);
    ASSERT_TRUE(certificate.has_value()) << certificate.error().what;
    const Theirs theirs = openssl_reads(der);
    ASSERT_NE(theirs, nullptr);
    EXPECT_EQ((X509_get_extension_flags(theirs.get()) & EXFLAG_CRITICAL) != 0, !c.expected.empty());
    ASSERT_EQ((*certificate)->unknown_critical.size(), c.expected.empty() ? 0U : 1U);
    if (!c.expected.empty()) {
      EXPECT_EQ((*certificate)->unknown_critical[0], c.expected);
    }
  }
}

TEST(OddCertificate, ThousandsOfExtensionsTakeNoTime) {
  OddCertificate odd;
  const Bytes one = sequence(tlv(der::kOid, kUnknown) + tlv(der::kOctetString, {}));
  while (odd.extensions.size() < 250'000) {
    odd.extensions.insert(odd.extensions.end(), one.begin(), one.end());
  }
  const auto certificate = parse_certificate(odd.encoded());
  ASSERT_TRUE(certificate.has_value());
  EXPECT_EQ((*certificate)->anomalies.size(), (*certificate)->extensions.size() - 1);
}

}  // namespace
}  // namespace medic::x509
