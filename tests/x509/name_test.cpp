#include "x509/name.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <memory>

#include "tests/x509/der_writer.h"
#include "tests/x509/made_certificate.h"
#include "x509/certificate.h"
#include "x509/digest.h"

namespace medic::x509 {
namespace {

using NamePointer = std::unique_ptr<X509_NAME, decltype(&X509_NAME_free)>;

NamePointer openssl_reads(const Bytes& der) {
  const unsigned char* at = der.data();
  NamePointer name(d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size())), &X509_NAME_free);
  ERR_clear_error();
  return name;
}

// X509_NAME_hash is the SHA-1 of OpenSSL's canonical encoding: the only way to see that from
// outside.
std::uint32_t openssl_hash(const X509_NAME* name) {
  int ok = 0;
  const unsigned long hash = X509_NAME_hash_ex(name, nullptr, nullptr, &ok);
  EXPECT_EQ(ok, 1);
  return static_cast<std::uint32_t>(hash);
}
std::uint32_t our_hash(const Name& name) {
  const Sha1 digest = sha1(name.canonical);
  return digest[0] | (std::uint32_t{digest[1]} << 8U) | (std::uint32_t{digest[2]} << 16U) |
         (std::uint32_t{digest[3]} << 24U);
}

const Bytes kCommonName = {0x55, 0x04, 0x03};
const Bytes kOrganization = {0x55, 0x04, 0x0A};

Bytes attribute(const Bytes& oid, std::uint8_t tag, const Bytes& value) {
  return sequence(tlv(der::kOid, oid) + tlv(tag, value));
}
Bytes rdn(const Bytes& attributes) {
  return tlv(der::kSet, attributes);
}
Bytes common_name(std::uint8_t tag, const Bytes& value) {
  return sequence(rdn(attribute(kCommonName, tag, value)));
}

struct NameCase {
  Bytes der;
  std::string_view text;
  std::string_view why;
};

std::vector<NameCase> name_cases() {
  const Bytes cn_a = attribute(kCommonName, der::kUtf8String, octets("a"));
  const Bytes o_b = attribute(kOrganization, der::kPrintableString, octets("B"));
  return {
      {sequence({}), "", "the empty name"},
      {common_name(der::kUtf8String, octets("Example")), "CN=Example", "plain"},
      {common_name(der::kPrintableString, octets("EXAMPLE")), "CN=EXAMPLE", "another case"},
      {common_name(der::kUtf8String, octets("  Example \t")), "CN=  Example \t", "outer spaces"},
      {common_name(der::kUtf8String, octets("Ex  \t\n ample")), "CN=Ex  \t\n ample",
       "inner spaces are one"},
      {common_name(der::kUtf8String, octets("Ex ample")), "CN=Ex ample", "inner space"},
      {common_name(der::kUtf8String, octets("   ")), "CN=   ", "nothing but spaces"},
      {common_name(der::kUtf8String, {}), "CN=", "an empty value"},
      {common_name(der::kT61String, {0x42, 0xFC, 0x43}),
       "CN=B\xC3\xBC"
       "C",
       "T61 is read as Latin-1"},
      {common_name(der::kUtf8String, octets("B\xC3\xBC"
                                            "C")),
       "CN=B\xC3\xBC"
       "C",
       "letters beyond ASCII keep their case"},
      {common_name(der::kUtf8String, octets("B\xC3\x9C"
                                            "C")),
       "CN=B\xC3\x9C"
       "C",
       "so this is another name"},
      {common_name(der::kBmpString, {0x00, 0x42, 0x00, 0xFC, 0x00, 0x63}),
       "CN=B\xC3\xBC"
       "c",
       "BMPString"},
      {common_name(der::kBmpString, {0xC5, 0x57}), "CN=\xEC\x95\x97", "a Hangul syllable"},
      {common_name(der::kBmpString, {}), "CN=", "an empty BMPString"},
      {common_name(der::kUniversalString, {0x00, 0x01, 0xF6, 0x00}), "CN=\xF0\x9F\x98\x80",
       "UniversalString"},
      {common_name(der::kIa5String, octets("Mail@EXAMPLE")), "CN=Mail@EXAMPLE", "IA5String"},
      {common_name(der::kIa5String, {0xE9}), "CN=\xC3\xA9", "IA5String with Latin-1 in it"},
      {common_name(der::kNumericString, octets(" 1  2 ")), "CN= 1  2 ",
       "NumericString is not folded"},
      {common_name(der::kBitString, {0x00, 0x41}), "CN=#03020041", "BIT STRING is not folded"},
      {common_name(der::kSequence, {0x02, 0x01, 0x05}), "CN=#3003020105", "nor is SEQUENCE"},
      {common_name(der::kUtf8String, octets(std::string_view("a\0b", 3))),
       std::string_view("CN=a\0b", 6), "a zero octet"},
      {sequence(rdn(cn_a) + rdn(o_b)), "O=B, CN=a", "two RDNs"},
      {sequence(rdn(o_b) + rdn(cn_a)), "CN=a, O=B", "their order counts"},
      {sequence(rdn(cn_a + o_b)), "CN=a + O=B", "two attributes in one RDN"},
      {sequence(rdn(o_b + cn_a)), "O=B + CN=a", "whose order does not count"},
      {sequence(rdn({}) + rdn(cn_a)), "CN=a", "an empty RDN does not count"},
      {sequence(rdn(attribute({0x2A, 0x03}, der::kUtf8String, octets("x")))), "1.2.3=x",
       "an unknown type"},
      {sequence(rdn(attribute({0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19},
                              der::kIa5String, octets("Test")))),
       "DC=Test", "a domain component"},
      {sequence(rdn(attribute(kCommonName, der::kUtf8String, Bytes(200, 0x41)))),
       {},
       "longer than 127 octets"},
  };
}

TEST(Name, CanonicalFormsAreOpenssls) {
  for (const NameCase& c : name_cases()) {
    SCOPED_TRACE(c.why);
    const auto ours = parse_name(c.der);
    ASSERT_TRUE(ours.has_value()) << ours.error().what;
    const NamePointer theirs = openssl_reads(c.der);
    ASSERT_NE(theirs, nullptr);
    EXPECT_EQ(our_hash(*ours), openssl_hash(theirs.get()));
    if (!c.text.empty() || c.der.size() == 2) {
      EXPECT_EQ(ours->text(), c.text);
    }
    EXPECT_EQ(hex(ours->der), hex(c.der));
  }
}

TEST(Name, TwoNamesAreEqualExactlyWhenOpensslSaysSo) {
  const std::vector<NameCase> cases = name_cases();
  std::size_t equal_pairs = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const bool ours = parse_name(cases[i].der)->canonical == parse_name(cases[k].der)->canonical;
      const bool theirs =
          X509_NAME_cmp(openssl_reads(cases[i].der).get(), openssl_reads(cases[k].der).get()) == 0;
      EXPECT_EQ(ours, theirs) << cases[i].why << " / " << cases[k].why;
      equal_pairs += ours ? 1U : 0U;
    }
  }
  EXPECT_GE(equal_pairs, 6U) << "the table must hold equal names spelled differently";
}

TEST(Name, CanonicalFormsOfThisMachinesRootsAreOpenssls) {
  for (const Bytes& der : system_roots()) {
    const auto ours = parse_certificate(der);
    ASSERT_TRUE(ours.has_value());
    const unsigned char* at = der.data();
    const X509Pointer theirs(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
    EXPECT_EQ(our_hash((*ours)->subject), openssl_hash(X509_get_subject_name(theirs.get())));
    EXPECT_EQ(our_hash((*ours)->issuer), openssl_hash(X509_get_issuer_name(theirs.get())));
    EXPECT_EQ(peek_canonical_subject(der), (*ours)->subject.canonical);
  }
}

TEST(Name, IsCalledByItsCommonNameElseItsOrganizationElseAll) {
  const Bytes o = rdn(attribute(kOrganization, der::kUtf8String, octets("Org")));
  const Bytes cn = rdn(attribute(kCommonName, der::kUtf8String, octets("Name")));
  const Bytes other = rdn(attribute({0x2A, 0x03}, der::kUtf8String, octets("x")));
  EXPECT_EQ(parse_name(sequence(o + cn))->display(), "Name");
  EXPECT_EQ(parse_name(sequence(o + other))->display(), "Org");
  EXPECT_EQ(parse_name(sequence(other))->display(), "1.2.3=x");
}

}  // namespace
}  // namespace medic::x509
