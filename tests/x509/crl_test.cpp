#include "x509/crl.h"

#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tests/x509/made_certificate.h"
#include "x509/pem.h"

namespace medic::x509 {
namespace {

struct Revoked {
  long serial;
  int reason;  // -1: not given
};

Bytes made_crl(EVP_PKEY* key, X509* issuer, const std::vector<Revoked>& revoked) {
  X509_CRL* const crl = X509_CRL_new();
  X509_CRL_set_version(crl, 1);
  X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer));
  ASN1_TIME* const time = ASN1_TIME_new();
  ASN1_TIME_set_string_X509(time, "20260101000000Z");
  X509_CRL_set1_lastUpdate(crl, time);
  ASN1_TIME_set_string_X509(time, "20260201000000Z");
  X509_CRL_set1_nextUpdate(crl, time);
  for (const Revoked& one : revoked) {
    X509_REVOKED* const entry = X509_REVOKED_new();
    ASN1_INTEGER* const serial = ASN1_INTEGER_new();
    ASN1_INTEGER_set(serial, one.serial);
    X509_REVOKED_set_serialNumber(entry, serial);
    ASN1_TIME_set_string_X509(time, "20251224183000Z");
    X509_REVOKED_set_revocationDate(entry, time);
    if (one.reason >= 0) {
      ASN1_ENUMERATED* const reason = ASN1_ENUMERATED_new();
      ASN1_ENUMERATED_set(reason, one.reason);
      X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
      ASN1_ENUMERATED_free(reason);
    }
    X509_CRL_add0_revoked(crl, entry);
    ASN1_INTEGER_free(serial);
  }
  ASN1_TIME_free(time);
  X509_CRL_sign(crl, key, EVP_sha256());
  Bytes der(static_cast<std::size_t>(i2d_X509_CRL(crl, nullptr)));
  unsigned char* at = der.data();
  i2d_X509_CRL(crl, &at);
  X509_CRL_free(crl);
  return der;
}

class CrlOf : public testing::Test {
 protected:
  CrlOf() : key_(made_key("EC", "P-256", 0)), issuer_(unsigned_certificate(key_.get(), "issuer")) {
    sign_certificate(issuer_.get(), key_.get(), "SHA256", -1);
  }
  [[nodiscard]] Bytes made(const std::vector<Revoked>& revoked) const {
    return made_crl(key_.get(), issuer_.get(), revoked);
  }
  [[nodiscard]] CertificatePtr issuer() const { return *parse_certificate(encoded(issuer_.get())); }

 private:
  KeyPointer key_;
  X509Pointer issuer_;
};

TEST_F(CrlOf, EntriesAreFoundByTheirSerialNumber) {
  const auto crl = parse_crl(made({{1, -1}, {200, 1}, {70000, 4}}));
  ASSERT_TRUE(crl.has_value()) << crl.error().what;
  EXPECT_EQ((*crl)->revoked_count, 3U);
  EXPECT_EQ((*crl)->issuer.canonical, issuer()->subject.canonical);
  EXPECT_EQ(rfc3339((*crl)->this_update), "2026-01-01T00:00:00Z");
  ASSERT_TRUE((*crl)->next_update.has_value());
  EXPECT_EQ(rfc3339(*(*crl)->next_update), "2026-02-01T00:00:00Z");

  const auto one = (*crl)->find(Bytes{0x01});
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->reason, "");
  EXPECT_EQ(rfc3339(one->at), "2025-12-24T18:30:00Z");
  EXPECT_EQ((*crl)->find(Bytes{0x00, 0xC8}).value_or(RevokedEntry{}).reason, "keyCompromise");
  EXPECT_EQ((*crl)->find(Bytes{0x01, 0x11, 0x70}).value_or(RevokedEntry{}).reason, "superseded");
  EXPECT_FALSE((*crl)->find(Bytes{0x02}).has_value());
  EXPECT_FALSE((*crl)->find(Bytes{0xC8}).has_value()) << "-56 is another number than 200";
  EXPECT_FALSE((*crl)->find({}).has_value());
}

TEST_F(CrlOf, AnEmptyListRevokesNothing) {
  const auto crl = parse_crl(made({}));
  ASSERT_TRUE(crl.has_value()) << crl.error().what;
  EXPECT_EQ((*crl)->revoked_count, 0U);
  EXPECT_FALSE((*crl)->find(Bytes{0x01}).has_value());
}

TEST_F(CrlOf, TheSignatureIsTheIssuers) {
  Bytes der = made({{1, -1}});
  const VerifyingKey key(issuer()->public_key);
  EXPECT_EQ(check_signature(**parse_crl(der), key), SignatureCheck::Good);
  der.back() ^= 1U;
  EXPECT_EQ(check_signature(**parse_crl(der), key), SignatureCheck::Bad);
  const KeyPointer other = made_key("EC", "P-256", 0);
  const X509Pointer stranger = unsigned_certificate(other.get(), "issuer");
  sign_certificate(stranger.get(), other.get(), "SHA256", -1);
  const auto parsed = *parse_certificate(encoded(stranger.get()));
  der.back() ^= 1U;
  EXPECT_EQ(check_signature(**parse_crl(der), VerifyingKey(parsed->public_key)),
            SignatureCheck::Bad);
}

TEST_F(CrlOf, PemHoldsOneOrMore) {
  const Bytes der = made({{7, -1}});
  const std::string text = "text\n" + pem_block("X509 CRL", der) + pem_block("X509 CRL", der);
  const auto crls = read_crls(as_bytes(text));
  ASSERT_TRUE(crls.has_value()) << crls.error().what;
  EXPECT_EQ(crls->size(), 2U);
  EXPECT_EQ(read_crls(der).value().size(), 1U);
  const auto none = read_crls(as_bytes("hello"));
  ASSERT_FALSE(none.has_value());
  EXPECT_NE(none.error().what.find("'hello'"), std::string::npos);
}

TEST_F(CrlOf, ACutListIsAnErrorWithItsPlace) {
  Bytes der = made({{1, -1}});
  der.pop_back();
  const auto crl = parse_crl(der);
  ASSERT_FALSE(crl.has_value());
  EXPECT_EQ(crl.error().kind, ErrorKind::Data);
  EXPECT_NE(crl.error().what.find("offset 0"), std::string::npos) << crl.error().what;
}

}  // namespace
}  // namespace medic::x509
