#include "x509/ocsp.h"

#include <gtest/gtest.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "tests/x509/made_certificate.h"

namespace medic::x509 {
namespace {

struct Party {
  KeyPointer key;
  X509Pointer certificate;

  [[nodiscard]] CertificatePtr parsed() const {
    return *parse_certificate(encoded(certificate.get()));
  }
};

Party self_signed(std::string_view name) {
  KeyPointer key = made_key("EC", "P-256", 0);
  X509Pointer certificate = unsigned_certificate(key.get(), name);
  sign_certificate(certificate.get(), key.get(), "SHA256", -1);
  return {.key = std::move(key), .certificate = std::move(certificate)};
}

Party issued(const Party& by, std::string_view name, long serial, bool ocsp_signing) {
  KeyPointer key = made_key("EC", "P-256", 0);
  X509Pointer certificate = unsigned_certificate(key.get(), name);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(by.certificate.get()));
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  if (ocsp_signing) {
    X509_EXTENSION* const usage =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_ext_key_usage, "OCSPSigning");
    X509_add_ext(certificate.get(), usage, -1);
    X509_EXTENSION_free(usage);
  }
  sign_certificate(certificate.get(), by.key.get(), "SHA256", -1);
  return {.key = std::move(key), .certificate = std::move(certificate)};
}

struct Answer {
  int status = V_OCSP_CERTSTATUS_GOOD;
  int reason = OCSP_REVOKED_STATUS_NOSTATUS;
  const EVP_MD* hash = nullptr;  // null: SHA-1
  unsigned long flags = 0;       // OCSP_RESPID_KEY, OCSP_NOCERTS
};

Bytes response_of(const Party& signer, const Party& issuer, const Party& about,
                  const Answer& answer) {
  OCSP_BASICRESP* const basic = OCSP_BASICRESP_new();
  OCSP_CERTID* const id =
      OCSP_cert_to_id(answer.hash, about.certificate.get(), issuer.certificate.get());
  ASN1_TIME* const from = ASN1_GENERALIZEDTIME_new();
  ASN1_GENERALIZEDTIME_set_string(from, "20260101000000Z");
  ASN1_TIME* const until = ASN1_GENERALIZEDTIME_new();
  ASN1_GENERALIZEDTIME_set_string(until, "20260108000000Z");
  OCSP_basic_add1_status(basic, id, answer.status, answer.reason, from, from, until);
  OCSP_basic_sign(basic, signer.certificate.get(), signer.key.get(), EVP_sha256(), nullptr,
                  answer.flags);
  OCSP_RESPONSE* const response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
  Bytes der(static_cast<std::size_t>(i2d_OCSP_RESPONSE(response, nullptr)));
  unsigned char* at = der.data();
  i2d_OCSP_RESPONSE(response, &at);
  OCSP_RESPONSE_free(response);
  OCSP_CERTID_free(id);
  OCSP_BASICRESP_free(basic);
  ASN1_GENERALIZEDTIME_free(from);
  ASN1_GENERALIZEDTIME_free(until);
  return der;
}

class Ocsp : public testing::Test {
 protected:
  Ocsp()
      : issuer_(self_signed("issuer")),
        leaf_(issued(issuer_, "leaf", 77, false)),
        delegate_(issued(issuer_, "responder", 78, true)),
        impostor_(issued(issuer_, "impostor", 79, false)) {}

  Party issuer_;
  Party leaf_;
  Party delegate_;
  Party impostor_;
};

TEST_F(Ocsp, TheAnswerForACertificateIsFoundByItsHashesAndSerial) {
  for (const EVP_MD* hash : {static_cast<const EVP_MD*>(nullptr), EVP_sha256()}) {
    const auto response = parse_ocsp_response(response_of(issuer_, issuer_, leaf_, {.hash = hash}));
    ASSERT_TRUE(response.has_value()) << response.error().what;
    EXPECT_EQ((*response)->status, 0U);
    const OcspSingle* const single = (*response)->about(*leaf_.parsed(), *issuer_.parsed());
    ASSERT_NE(single, nullptr);
    EXPECT_EQ(single->status, OcspStatus::Good);
    EXPECT_EQ(rfc3339(single->this_update), "2026-01-01T00:00:00Z");
    ASSERT_TRUE(single->next_update.has_value());
    EXPECT_EQ(rfc3339(*single->next_update), "2026-01-08T00:00:00Z");
    EXPECT_EQ((*response)->about(*delegate_.parsed(), *issuer_.parsed()), nullptr)
        << "another serial";
    EXPECT_EQ((*response)->about(*leaf_.parsed(), *delegate_.parsed()), nullptr) << "another key";
  }
}

TEST_F(Ocsp, RevokedComesWithItsDateAndReason) {
  const auto response = parse_ocsp_response(response_of(
      issuer_, issuer_, leaf_,
      {.status = V_OCSP_CERTSTATUS_REVOKED, .reason = OCSP_REVOKED_STATUS_KEYCOMPROMISE}));
  ASSERT_TRUE(response.has_value()) << response.error().what;
  const OcspSingle* const single = (*response)->about(*leaf_.parsed(), *issuer_.parsed());
  ASSERT_NE(single, nullptr);
  EXPECT_EQ(single->status, OcspStatus::Revoked);
  EXPECT_EQ(single->reason, "keyCompromise");
  EXPECT_EQ(rfc3339(single->revoked_at.value_or(Time{})), "2026-01-01T00:00:00Z");
}

TEST_F(Ocsp, OnlyTheIssuerAndItsDelegateMaySign) {
  struct SignerCase {
    const Party* by;
    unsigned long flags;
    OcspSigner expected;
    std::string_view why;
  };
  const auto cases = std::to_array<SignerCase>({
      {&issuer_, 0, OcspSigner::Issuer, "the issuer, named by name"},
      {&issuer_, OCSP_RESPID_KEY, OcspSigner::Issuer, "the issuer, named by key"},
      {&issuer_, OCSP_NOCERTS, OcspSigner::Issuer, "the issuer need not send itself"},
      {&delegate_, 0, OcspSigner::Delegate, "id-kp-OCSPSigning, issued by the issuer"},
      {&delegate_, OCSP_NOCERTS, OcspSigner::Unknown, "a delegate that does not show itself"},
      {&impostor_, 0, OcspSigner::NotAuthorised, "issued by the issuer, but for other uses"},
  });
  for (const SignerCase& c : cases) {
    SCOPED_TRACE(c.why);
    const auto response =
        parse_ocsp_response(response_of(*c.by, issuer_, leaf_, {.flags = c.flags}));
    ASSERT_TRUE(response.has_value()) << response.error().what;
    EXPECT_EQ(check_ocsp_signature(**response, *issuer_.parsed()).signer, c.expected);
  }
}

TEST_F(Ocsp, AChangedAnswerHasABadSignature) {
  Bytes der = response_of(issuer_, issuer_, leaf_, {.flags = OCSP_NOCERTS});
  der.back() ^= 1U;
  EXPECT_EQ(check_ocsp_signature(**parse_ocsp_response(der), *issuer_.parsed()).signer,
            OcspSigner::Bad);
}

TEST_F(Ocsp, ARefusalIsAResponseWithoutAnAnswer) {
  const Bytes try_later = {0x30, 0x03, 0x0A, 0x01, 0x03};
  const auto response = parse_ocsp_response(try_later);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ((*response)->status, 3U);
  EXPECT_EQ(ocsp_status_text((*response)->status), "tryLater");
  EXPECT_TRUE((*response)->singles.empty());
  const Bytes hollow = {0x30, 0x03, 0x0A, 0x01, 0x00};
  EXPECT_FALSE(parse_ocsp_response(hollow).has_value()) << "successful, but no answer";
}

TEST_F(Ocsp, TheRequestIsTheOneThatOpensslWouldSend) {
  const Bytes ours = make_ocsp_request(*leaf_.parsed(), *issuer_.parsed());
  OCSP_REQUEST* const request = OCSP_REQUEST_new();
  OCSP_request_add0_id(
      request, OCSP_cert_to_id(nullptr, leaf_.certificate.get(), issuer_.certificate.get()));
  Bytes theirs(static_cast<std::size_t>(i2d_OCSP_REQUEST(request, nullptr)));
  unsigned char* at = theirs.data();
  i2d_OCSP_REQUEST(request, &at);
  OCSP_REQUEST_free(request);
  EXPECT_EQ(hex(ours), hex(theirs));
}

}  // namespace
}  // namespace medic::x509
