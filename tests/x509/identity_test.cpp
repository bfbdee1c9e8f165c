#include "x509/identity.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "tests/x509/made_certificate.h"
#include "x509/pem.h"

namespace medic::x509 {
namespace {

std::string text_of(BIO* file) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(file, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(file);
  return text;
}

struct KeyForm {
  std::string_view name;
  std::string text;
  bool encrypted;
};

std::vector<KeyForm> forms_of(EVP_PKEY* key, const std::string& passphrase) {
  const auto* const secret = reinterpret_cast<const unsigned char*>(passphrase.data());
  const int size = static_cast<int>(passphrase.size());
  BIO* const plain = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(plain, key, nullptr, nullptr, 0, nullptr, nullptr);
  BIO* const encrypted = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(encrypted, key, EVP_aes_256_cbc(), passphrase.data(), size, nullptr,
                                nullptr);
  BIO* const traditional = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey_traditional(traditional, key, nullptr, nullptr, 0, nullptr, nullptr);
  BIO* const old = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey_traditional(old, key, EVP_des_ede3_cbc(), secret, size, nullptr,
                                       nullptr);
  return {{"PKCS#8", text_of(plain), false},
          {"encrypted PKCS#8", text_of(encrypted), true},
          {"traditional", text_of(traditional), false},
          {"traditional with DEK-Info", text_of(old), true}};
}

TEST(PrivateKey, EveryFormGivesTheSameKey) {
  for (const char* type : {"EC", "RSA"}) {
    const KeyPointer key = made_key(type, "P-256", 2048);
    const auto forms = forms_of(key.get(), "correct horse");
    const auto first = read_private_key(as_bytes(forms[0].text));
    ASSERT_TRUE(first.has_value()) << first.error().what;
    for (const KeyForm& form : forms) {
      SCOPED_TRACE(fmt::format("{} {}", type, form.name));
      const auto read = read_private_key(as_bytes(form.text), "correct horse");
      ASSERT_TRUE(read.has_value()) << read.error().what;
      EXPECT_EQ(hex(public_half(read->view()).value()), hex(public_half(first->view()).value()));
      const auto again = read_private_key(read->view());
      ASSERT_TRUE(again.has_value()) << "PKCS#8 DER is read as well";
      if (form.encrypted) {
        for (const std::string_view wrong : {"", "wrong"}) {
          const auto refused = read_private_key(as_bytes(form.text), wrong);
          ASSERT_FALSE(refused.has_value());
          EXPECT_EQ(refused.error().kind, ErrorKind::Usage) << refused.error().what;
        }
      }
    }
  }
}

TEST(PrivateKey, ThePublicHalfIsTheCertificatesKey) {
  const KeyPointer key = made_key("EC", "P-256", 0);
  const X509Pointer certificate = unsigned_certificate(key.get(), "mine");
  sign_certificate(certificate.get(), key.get(), "SHA256", -1);
  const auto parsed = *parse_certificate(encoded(certificate.get()));
  const auto read = read_private_key(as_bytes(forms_of(key.get(), "x")[0].text));
  ASSERT_TRUE(read.has_value());
  const auto half = public_half(read->view());
  ASSERT_TRUE(half.has_value());
  EXPECT_EQ(hex(*half), hex(parsed->public_key.spki));
}

TEST(PrivateKey, TextWithoutAKeyIsAnError) {
  const auto read = read_private_key(as_bytes("-----BEGIN CERTIFICATE-----\n"));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, ErrorKind::Data);
}

Bytes pkcs12(int key_cipher, int certificate_cipher, const char* passphrase, int iterations) {
  const KeyPointer key = made_key("EC", "P-256", 0);
  const X509Pointer leaf = unsigned_certificate(key.get(), "client");
  sign_certificate(leaf.get(), key.get(), "SHA256", -1);
  const KeyPointer ca_key = made_key("EC", "P-256", 0);
  const X509Pointer ca = unsigned_certificate(ca_key.get(), "ca");
  sign_certificate(ca.get(), ca_key.get(), "SHA256", -1);
  STACK_OF(X509)* const others = sk_X509_new_null();
  sk_X509_push(others, ca.get());
  PKCS12* const file = PKCS12_create(passphrase, "name", key.get(), leaf.get(), others, key_cipher,
                                     certificate_cipher, iterations, 1, 0);
  sk_X509_free(others);
  if (file == nullptr) {
    ERR_clear_error();
    return {};
  }
  Bytes der(static_cast<std::size_t>(i2d_PKCS12(file, nullptr)));
  unsigned char* at = der.data();
  i2d_PKCS12(file, &at);
  PKCS12_free(file);
  return der;
}

TEST(Pkcs12, GivesTheChainLeafFirstAndItsKey) {
  struct CipherCase {
    int cipher;
    std::string_view why;
  };
  for (const CipherCase c : {CipherCase{NID_aes_256_cbc, "what OpenSSL 3 writes"},
                             CipherCase{NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
                                        "what older tools write; the default provider has it"}}) {
    SCOPED_TRACE(c.why);
    const Bytes file = pkcs12(c.cipher, c.cipher, "secret", 2048);
    ASSERT_FALSE(file.empty());
    const auto identity = read_pkcs12(file, "secret");
    ASSERT_TRUE(identity.has_value()) << identity.error().what;
    ASSERT_EQ(identity->chain.size(), 2U);
    EXPECT_EQ(identity->chain[0]->subject.display(), "client");
    EXPECT_EQ(identity->chain[1]->subject.display(), "ca");
    EXPECT_EQ(hex(public_half(identity->key.view()).value()),
              hex(identity->chain[0]->public_key.spki));
  }
}

TEST(Pkcs12, AMissingOrWrongPassphraseIsSaid) {
  const Bytes file = pkcs12(NID_aes_256_cbc, NID_aes_256_cbc, "secret", 2048);
  const auto missing = read_pkcs12(file, "");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, ErrorKind::Usage);
  EXPECT_NE(missing.error().what.find("needs a passphrase"), std::string::npos);
  const auto wrong = read_pkcs12(file, "sesame");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().kind, ErrorKind::Usage);
  EXPECT_EQ(wrong.error().what.find("sesame"), std::string::npos) << "never quoted";
}

TEST(Pkcs12, AnOldCipherComesWithTheCommandThatConverts) {
  // client.p12 of 40-bit RC2, as Windows and OpenSSL 1.x wrote; see the README beside it.
  const std::string path = std::string(MEDIC_SOURCE_DIR) + "/tests/x509/data/rc2.p12.pem";
  BIO* const input = BIO_new_file(path.c_str(), "r");
  ASSERT_NE(input, nullptr) << path;
  std::string text(8192, '\0');
  text.resize(static_cast<std::size_t>(BIO_read(input, text.data(), 8192)));
  BIO_free(input);
  PemScanner scanner(text);
  const auto block = scanner.next();
  ASSERT_TRUE(block.has_value());
  const auto read = read_pkcs12(decode_pem_body(block->body).value(), "secret");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, ErrorKind::Data);
  EXPECT_NE(read.error().next_step.find("openssl pkcs12 -legacy"), std::string::npos)
      << read.error().what;
}

TEST(Pkcs12, AnIterationCountThatWouldTakeMinutesIsRefused) {
  Bytes file = pkcs12(NID_aes_256_cbc, NID_aes_256_cbc, "secret", 70'000);
  ASSERT_FALSE(file.empty());
  // INTEGER 70000 (0x011170) becomes 0x7F1170, over eight million; no other three octets fit.
  const Bytes was = {0x02, 0x03, 0x01, 0x11, 0x70};
  const auto at = std::search(file.begin(), file.end(), was.begin(), was.end());
  ASSERT_NE(at, file.end());
  at[2] = 0x7F;
  const auto read = read_pkcs12(file, "secret");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, ErrorKind::Limit);
}

TEST(Pkcs12, GarbageIsAnError) {
  EXPECT_FALSE(read_pkcs12({}, "x").has_value());
  EXPECT_FALSE(read_pkcs12(as_bytes("not a file"), "x").has_value());
}

TEST(SecretBytes, MovesLeaveNothingBehind) {
  SecretBytes a(as_bytes("key"));
  SecretBytes b = std::move(a);
  EXPECT_EQ(as_text(b.view()), "key");
  SecretBytes c;
  c = std::move(b);
  EXPECT_EQ(as_text(c.view()), "key");
}

}  // namespace
}  // namespace medic::x509
