#include "x509/certificate.h"

#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tests/x509/made_certificate.h"
#include "x509/digest.h"

namespace medic::x509 {
namespace {

// Every field that OpenSSL can be asked for, over real certificates.
void expect_same_as_openssl(const Certificate& ours, X509* theirs) {
  EXPECT_EQ(ours.version, X509_get_version(theirs) + 1);
  Bytes fingerprint(32);
  unsigned int size = 0;
  X509_digest(theirs, EVP_sha256(), fingerprint.data(), &size);
  EXPECT_EQ(Bytes(ours.fingerprint.begin(), ours.fingerprint.end()), fingerprint);

  const auto unix_seconds = [](const ASN1_TIME* time) {
    ASN1_TIME* const epoch = ASN1_TIME_set(nullptr, 0);
    int days = 0;
    int seconds = 0;
    ASN1_TIME_diff(&days, &seconds, epoch, time);
    ASN1_TIME_free(epoch);
    return std::int64_t{days} * 86400 + seconds;
  };
  EXPECT_EQ(ours.not_before.time_since_epoch().count(), unix_seconds(X509_get0_notBefore(theirs)));
  EXPECT_EQ(ours.not_after.time_since_epoch().count(), unix_seconds(X509_get0_notAfter(theirs)));

  const std::uint32_t flags = X509_get_extension_flags(theirs);
  EXPECT_EQ(flags & EXFLAG_INVALID, 0U);
  EXPECT_EQ(ours.self_issued(), (flags & EXFLAG_SI) != 0);
  EXPECT_EQ(ours.basic_constraints && ours.basic_constraints->ca, (flags & EXFLAG_CA) != 0);
  EXPECT_EQ(ours.key_usage.has_value(), (flags & EXFLAG_KUSAGE) != 0);
  EXPECT_EQ(ours.extended_key_usage.has_value(), (flags & EXFLAG_XKUSAGE) != 0);
  EXPECT_EQ(!ours.unknown_critical.empty(), (flags & EXFLAG_CRITICAL) != 0);
  EXPECT_EQ(static_cast<int>(ours.extensions.size()), X509_get_ext_count(theirs));
  const ASN1_OCTET_STRING* const key_id = X509_get0_subject_key_id(theirs);
  ASSERT_EQ(ours.subject_key_id.has_value(), key_id != nullptr);
  if (key_id != nullptr) {
    EXPECT_EQ(*ours.subject_key_id,
              Bytes(ASN1_STRING_get0_data(key_id),
                    ASN1_STRING_get0_data(key_id) + ASN1_STRING_length(key_id)));
  }
  EXPECT_EQ(static_cast<int>(ours.public_key.bits), EVP_PKEY_get_bits(X509_get0_pubkey(theirs)));
  EXPECT_EQ(ours.signature_algorithm.text, OBJ_nid2ln(X509_get_signature_nid(theirs)));
}

TEST(Certificate, AgreesWithOpensslOnEveryRootOfThisMachine) {
  const std::vector<Bytes> roots = system_roots();
  if (roots.empty()) {
    GTEST_SKIP() << "no CA package on this machine";
  }
  for (const Bytes& der : roots) {
    const unsigned char* at = der.data();
    const X509Pointer theirs(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
    const auto ours = parse_certificate(der);
    ASSERT_TRUE(ours.has_value()) << ours.error().what;
    SCOPED_TRACE((*ours)->subject.text());
    expect_same_as_openssl(**ours, theirs.get());
  }
}

}  // namespace
}  // namespace medic::x509
