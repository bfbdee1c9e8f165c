#include "x509/container.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include "tests/x509/made_certificate.h"
#include "x509/pem.h"
#include "x509/pkcs7.h"

namespace medic::x509 {
namespace {

class Container : public testing::Test {
 protected:
  Container() : first_(made("first")), second_(made("second")) {}

  [[nodiscard]] static CertificatePtr made(std::string_view name) {
    const KeyPointer key = made_key("ED25519", "", 0);
    const X509Pointer certificate = unsigned_certificate(key.get(), name);
    sign_certificate(certificate.get(), key.get(), "", -1);
    return *parse_certificate(encoded(certificate.get()));
  }
  [[nodiscard]] Bytes pkcs7() const {
    PKCS7* const bag = PKCS7_new();
    PKCS7_set_type(bag, NID_pkcs7_signed);
    PKCS7_content_new(bag, NID_pkcs7_data);
    for (const CertificatePtr& one : {first_, second_}) {
      const unsigned char* at = one->der.data();
      const X509Pointer theirs(d2i_X509(nullptr, &at, static_cast<long>(one->der.size())),
                               &X509_free);
      PKCS7_add_certificate(bag, theirs.get());
    }
    Bytes der(static_cast<std::size_t>(i2d_PKCS7(bag, nullptr)));
    unsigned char* at = der.data();
    i2d_PKCS7(bag, &at);
    PKCS7_free(bag);
    return der;
  }

  CertificatePtr first_;
  CertificatePtr second_;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string utf16(std::string_view text, bool with_mark) {
  std::string out = with_mark ? "\xFF\xFE" : "";
  for (const char c : text) {
    out += c;
    out += '\0';
  }
  return out;
}

struct FormCase {
  std::string bytes;
  std::string format;
  std::size_t certificates;
  std::string problem;  // part of the only problem's place and text; empty: none
  std::string why;
};

TEST_F(Container, IsReadWhateverItsForm) {
  const std::string one = pem(*first_);
  const std::string two = pem(*second_);
  const std::string der = std::string(as_text(first_->der));
  const Bytes bag = pkcs7();
  const std::string cut = one.substr(0, one.size() / 2);
  const std::string aux = std::string(as_text(first_->der)) + "\x30\x03\x02\x01\x05";
  const std::vector<FormCase> cases = {
      {one, "pem", 1, "", "one block"},
      {one + two, "pem", 2, "", "two blocks"},
      {"Bag Attributes\n  x: y\nsubject=a\n" + one + "text\n\n" + two, "pem", 2, "",
       "text around, as openssl pkcs12 writes"},
      {replaced(one + two, "\n", "\r\n"), "pem", 2, "", "CRLF"},
      {replaced(one + two, "\n", "\r"), "pem", 2, "", "CR alone"},
      {replaced(one, "-----\n", "----- \n"), "pem", 1, "", "space after the dashes"},
      {"\xEF\xBB\xBF" + one + two, "pem", 2, "line 1: a UTF-8 byte order mark", "BOM"},
      {"  " + one, "pem", 1, "line 1: the BEGIN line does not start", "indented"},
      {replaced(one, "\n", "\n ").substr(0), "pem", 1, "", "indented body"},
      {replaced(one, "CERTIFICATE", "X509 CERTIFICATE"), "pem", 1, "", "the old label"},
      {pem_block("TRUSTED CERTIFICATE", as_bytes(aux)), "pem", 1, "",
       "OpenSSL's trust settings are dropped"},
      {pem_block("CERTIFICATE", as_bytes(aux)), "pem", 0, "line 1: not a certificate: more data",
       "but only of the trusted form"},
      {cut, "pem", 0, "line 1: the block 'CERTIFICATE' has no END line", "cut"},
      {cut + "\n" + two, "pem", 1, "line 1: the block 'CERTIFICATE' has no END line",
       "cut, and the next one is whole"},
      {two + "\n" + cut, "pem", 1, "line 9: the block", "the second is cut"},
      {pem_block("PRIVATE KEY", as_bytes("x")) + one, "pem", 1, "", "a key beside it"},
      {pem_block("PRIVATE KEY", as_bytes("x")), "pem", 0, "none holds a certificate", "only a key"},
      {der, "der", 1, "", "DER"},
      {der + std::string(as_text(second_->der)), "der", 2, "", "concatenated DER"},
      {der + "x", "der", 1, "the data ends where", "DER and something else"},
      {std::string(as_text(bag)), "pkcs7", 2, "", "PKCS#7 in DER"},
      {pem_block("PKCS7", bag), "pem", 2, "", "PKCS#7 in PEM"},
      {"", "empty", 0, "nothing in it", "empty"},
      {" \r\n\t", "empty", 0, "nothing in it", "white space"},
      {"<html>", "unknown", 0, "neither PEM nor DER: '<html>'", "a web page"},
      {utf16(one, true), "utf-16", 0, "UTF-16", "PowerShell's >"},
      {utf16(one, false), "utf-16", 0, "UTF-16", "without a mark"},
      {"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "pem", 0,
       "line 1: not a certificate", "an empty block"},
  };
  for (const FormCase& c : cases) {
    SCOPED_TRACE(c.why);
    const Certificates found = read_certificates(as_bytes(c.bytes));
    EXPECT_EQ(found.format, c.format);
    EXPECT_EQ(found.certificates.size(), c.certificates);
    ASSERT_EQ(found.problems.size(), c.problem.empty() ? 0U : 1U)
        << found.problems.front().place << ": " << found.problems.front().what;
    if (!c.problem.empty()) {
      const std::string text = found.problems[0].place + ": " + found.problems[0].what;
      EXPECT_NE(text.find(c.problem), std::string::npos) << text;
    }
  }
}

TEST_F(Container, ABadDigitIsNamedByLineAndOffset) {
  std::string text = pem(*first_);
  text[30] = '*';
  const Certificates found = read_certificates(as_bytes("# comment\n" + text));
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(found.problems[0].place, "line 2");
  EXPECT_NE(found.problems[0].what.find("not base64 at offset 3: '*"), std::string::npos)
      << found.problems[0].what;
  EXPECT_LT(found.problems[0].what.size(), 100U) << "at most 32 foreign octets";
}

TEST_F(Container, ProblemsAreBounded) {
  std::string text;
  for (int i = 0; i < 500; ++i) {
    text += "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  }
  EXPECT_EQ(read_certificates(as_bytes(text)).problems.size(), 100U);
}

TEST_F(Container, WhatIsWrittenIsReadBack) {
  const std::string text = pem(*first_);
  EXPECT_TRUE(text.starts_with("-----BEGIN CERTIFICATE-----\n"));
  EXPECT_TRUE(text.ends_with("-----END CERTIFICATE-----\n"));
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    EXPECT_LE(end - start, 64U) << "RFC 7468 section 2";
    start = end + 1;
  }
  EXPECT_EQ(read_certificates(as_bytes(text)).certificates.at(0)->fingerprint, first_->fingerprint);
}

TEST_F(Container, Pkcs7WithIndefiniteLengthsIsReadToo) {
  const Bytes der = pkcs7();
  ASSERT_TRUE(is_pkcs7(der));
  // ContentInfo with its two outer lengths made indefinite: 30 80 OID A0 80 ... 00 00 00 00
  const std::size_t header = der[1] == 0x82 ? 4 : 3;
  const std::size_t oid_size = 11;
  const std::size_t inner = header + oid_size + (der[header + oid_size + 1] == 0x82 ? 4 : 3);
  Bytes ber = {0x30, 0x80};
  ber.insert(ber.end(), der.begin() + static_cast<std::ptrdiff_t>(header),
             der.begin() + static_cast<std::ptrdiff_t>(header + oid_size));
  ber.insert(ber.end(), {0xA0, 0x80});
  ber.insert(ber.end(), der.begin() + static_cast<std::ptrdiff_t>(inner), der.end());
  ber.insert(ber.end(), {0, 0, 0, 0});
  const Certificates found = read_certificates(ber);
  EXPECT_EQ(found.format, "pkcs7");
  ASSERT_EQ(found.certificates.size(), 2U);
  EXPECT_EQ(found.certificates[1]->fingerprint, second_->fingerprint);
}

TEST(Pem, Base64EndsWithWholeGroups) {
  struct BodyCase {
    std::string_view body;
    bool good;
    std::string_view why;
  };
  for (const BodyCase& c :
       {BodyCase{"QUJD", true, "three octets"}, BodyCase{"QUI=", true, "two"},
        BodyCase{"QQ==", true, "one"}, BodyCase{"Q U\nJ\tD\r\n", true, "white space anywhere"},
        BodyCase{"QQ=", false, "half the padding"}, BodyCase{"QUJ", false, "a cut group"},
        BodyCase{"QQ==QQ==", false, "something after the padding"},
        BodyCase{"=QQ=", false, "padding first"}, BodyCase{"QUJD====", false, "a group of padding"},
        BodyCase{"QUJD-", false, "another character"}}) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(decode_pem_body(c.body).has_value(), c.good);
  }
  EXPECT_EQ(decode_pem_body("Proc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nQUJD\n").value(),
            (Bytes{'A', 'B', 'C'}))
      << "RFC 1421 headers";
}

}  // namespace
}  // namespace medic::x509
