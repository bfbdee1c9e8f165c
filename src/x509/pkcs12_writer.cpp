#include "x509/pkcs12_writer.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <cstddef>

#include "x509/iterations.h"
#include "x509/openssl.h"

namespace medic::x509 {
namespace {

// sun.security.pkcs12.PKCS12KeyStore: a certificate with this attribute is a trusted entry; its
// value says for what, and anyExtendedKeyUsage is what keytool -importcert writes.
constexpr const char* kTrustedKeyUsage = "2.16.840.1.113894.746875.1.1";
// What keytool of JDK 17 writes by default (java.security, keystore.pkcs12.macIterationCount).
constexpr int kMacIterations = 10000;
constexpr int kSaltOctets = 20;

void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
void free_safes(STACK_OF(PKCS7) * safes) {
  sk_PKCS7_pop_free(safes, PKCS7_free);
}
using Bags = Handle<STACK_OF(PKCS12_SAFEBAG), free_bags>;
using Safes = Handle<STACK_OF(PKCS7), free_safes>;

std::unexpected<Error> cannot_write() {
  return fail(ErrorKind::Bug, "a PKCS#12 trust store could not be made");
}

// PKCS12_add_cert() keeps the bag in `stack`; the attribute is added afterwards.
bool add(STACK_OF(PKCS12_SAFEBAG) * *stack, const NamedCertificate& named, ASN1_OBJECT* any_usage) {
  const Bytes& der = named.certificate->der;
  const unsigned char* start = der.data();
  const Handle<X509, X509_free> certificate(
      d2i_X509(nullptr, &start, static_cast<long>(der.size())));
  if (!certificate || X509_alias_set1(certificate.get(), as_bytes(named.alias).data(),
                                      static_cast<int>(named.alias.size())) != 1) {
    return false;
  }
  PKCS12_SAFEBAG* const bag = PKCS12_add_cert(stack, certificate.get());
  return bag != nullptr &&
         PKCS12_add1_attr_by_txt(bag, kTrustedKeyUsage, V_ASN1_OBJECT,
                                 // The bytes of a V_ASN1_OBJECT are the object itself.
                                 reinterpret_cast<const unsigned char*>(any_usage), -1) == 1;
}

// `passphrase` null: without a MAC.
Result<Bytes> trust_store(std::span<const NamedCertificate> certificates,
                          const std::string* passphrase) {
  const ErrorMark mark;
  ASN1_OBJECT* const any_usage = OBJ_nid2obj(NID_anyExtendedKeyUsage);  // static, never freed
  STACK_OF(PKCS12_SAFEBAG)* stack = nullptr;
  bool good = any_usage != nullptr;
  for (const NamedCertificate& named : certificates) {
    good = good && add(&stack, named, any_usage);
  }
  const Bags bags(stack);
  STACK_OF(PKCS7)* contents = nullptr;
  // NID -1: the bags stay in the clear.
  if (!good || bags == nullptr || PKCS12_add_safe(&contents, bags.get(), -1, 0, nullptr) != 1) {
    return cannot_write();
  }
  const Safes safes(contents);
  const Handle<PKCS12, PKCS12_free> file(PKCS12_add_safes(safes.get(), 0));
  if (!file ||
      (passphrase != nullptr &&
       PKCS12_set_mac(file.get(), passphrase->c_str(), static_cast<int>(passphrase->size()),
                      nullptr, kSaltOctets, kMacIterations, EVP_sha256()) != 1)) {
    return cannot_write();
  }
  const int size = i2d_PKCS12(file.get(), nullptr);
  if (size <= 0) {
    return cannot_write();
  }
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* at = der.data();
  i2d_PKCS12(file.get(), &at);
  return der;
}

}  // namespace

Result<Bytes> pkcs12_trust_store(std::span<const NamedCertificate> certificates,
                                 std::string_view passphrase) {
  const std::string terminated(passphrase);
  return trust_store(certificates, &terminated);
}

Result<Bytes> pkcs12_without_integrity(std::span<const NamedCertificate> certificates) {
  return trust_store(certificates, nullptr);
}

}  // namespace medic::x509
