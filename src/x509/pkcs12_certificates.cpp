#include "x509/pkcs12_certificates.h"

#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/objects.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <array>

#include "x509/der.h"
#include "x509/iterations.h"
#include "x509/openssl.h"

namespace medic::x509 {
namespace {

constexpr std::size_t kMaxPkcs12Bytes = 8U << 20U;  // a JDK's cacerts is 180 KB
// Oracle's "trustedKeyUsage" (sun.security.pkcs12.PKCS12KeyStore): without it Java takes a
// certificate for a part of somebody's chain.
constexpr std::string_view kTrustedKeyUsage = "2.16.840.1.113894.746875.1.1";
constexpr int kMaxEncrypted =
    4;                          // each costs a key derivation; keytool and OpenSSL write one or two
constexpr int kMaxNesting = 4;  // safe contents in safe contents

void free_safes(STACK_OF(PKCS7) * safes) {
  sk_PKCS7_pop_free(safes, PKCS7_free);
}
void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
using Bags = Handle<STACK_OF(PKCS12_SAFEBAG), free_bags>;

bool trusted_by_java(const PKCS12_SAFEBAG& bag) {
  const STACK_OF(X509_ATTRIBUTE)* attributes = PKCS12_SAFEBAG_get0_attrs(&bag);
  for (int i = 0; i < sk_X509_ATTRIBUTE_num(attributes); ++i) {
    X509_ATTRIBUTE* const one = sk_X509_ATTRIBUTE_value(attributes, i);
    std::array<char, 80> text{};
    OBJ_obj2txt(text.data(), static_cast<int>(text.size()), X509_ATTRIBUTE_get0_object(one), 1);
    if (kTrustedKeyUsage == text.data()) {
      return true;
    }
  }
  return false;
}

void add_bag(PKCS12_SAFEBAG& bag, Pkcs12Certificates& out) {
  if (PKCS12_SAFEBAG_get_bag_nid(&bag) != NID_x509Certificate) {
    ++out.others;
    return;
  }
  const Handle<X509, X509_free> certificate(PKCS12_SAFEBAG_get1_cert(&bag));
  const int size = certificate ? i2d_X509(certificate.get(), nullptr) : -1;
  if (size <= 0) {
    ++out.others;
    return;
  }
  Pkcs12Certificate found;
  found.der.resize(static_cast<std::size_t>(size));
  unsigned char* at = found.der.data();
  i2d_X509(certificate.get(), &at);
  if (char* const name = PKCS12_get_friendlyname(&bag)) {
    found.alias = name;
    OPENSSL_free(name);
  }
  found.trusted_by_java = trusted_by_java(bag);
  out.certificates.push_back(std::move(found));
}

void add_bags(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth, Pkcs12Certificates& out) {
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
    PKCS12_SAFEBAG* const bag = sk_PKCS12_SAFEBAG_value(bags, i);
    const int nid = PKCS12_SAFEBAG_get_nid(bag);
    if (nid == NID_certBag) {
      add_bag(*bag, out);
    } else if (nid == NID_safeContentsBag && depth < kMaxNesting) {
      add_bags(PKCS12_SAFEBAG_get0_safes(bag), depth + 1, out);
    } else {
      ++out.others;
    }
  }
}

// Whether the last failure was a cipher that only OpenSSL's legacy provider has (RC2: what Java 8
// encrypts certificates with).
bool old_cipher() {
  bool old = false;
  while (const unsigned long one = ERR_get_error()) {
    old = old || ERR_GET_REASON(one) == ERR_R_UNSUPPORTED ||
          (ERR_GET_LIB(one) == ERR_LIB_EVP && ERR_GET_REASON(one) == EVP_R_UNSUPPORTED_ALGORITHM);
  }
  return old;
}

}  // namespace

bool is_pkcs12(ByteView bytes) {
  // PFX (RFC 7292 section 4): SEQUENCE { INTEGER 3, ContentInfo ... }; BER's indefinite length too.
  const std::size_t length = bytes.size() < 2 ? 0 : bytes[1];
  const std::size_t at = 2 + (length > 0x80 ? length & 0x7FU : 0);
  return bytes.size() > at + 4 && bytes[0] == 0x30 && bytes[at] == 0x02 && bytes[at + 1] == 1 &&
         bytes[at + 2] == 3 && bytes[at + 3] == 0x30;
}

Result<Pkcs12Certificates> read_pkcs12_certificates(ByteView bytes, std::string_view passphrase) {
  if (bytes.size() > kMaxPkcs12Bytes) {
    return fail(ErrorKind::Limit, fmt::format("a PKCS#12 file of {} bytes", bytes.size()));
  }
  const ErrorMark mark;
  PKCS12* made = PKCS12_init_ex(NID_pkcs7_data, own_context(), nullptr);
  const unsigned char* start = bytes.data();
  if (d2i_PKCS12(&made, &start, static_cast<long>(bytes.size())) == nullptr) {
    return fail(ErrorKind::Data, "not a PKCS#12 file, or one that is cut");
  }
  const Handle<PKCS12, PKCS12_free> file(made);
  if (asks_too_much(bytes) || asks_too_much(*file)) {
    return fail(ErrorKind::Limit,
                fmt::format("it asks for more than {} rounds of key derivation", kMaxIterations));
  }
  const std::string terminated(passphrase);
  const int octets = static_cast<int>(terminated.size());
  Pkcs12Certificates out;
  out.has_integrity = PKCS12_mac_present(file.get()) == 1;
  out.integrity_checked =
      out.has_integrity && PKCS12_verify_mac(file.get(), terminated.c_str(), octets) == 1;
  const Handle<STACK_OF(PKCS7), free_safes> safes(PKCS12_unpack_authsafes(file.get()));
  int encrypted = 0;
  for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) {
    PKCS7* const safe = sk_PKCS7_value(safes.get(), i);
    if (PKCS7_type_is_data(safe) == 1) {
      const Bags bags(PKCS12_unpack_p7data(safe));
      add_bags(bags.get(), 0, out);
    } else if (PKCS7_type_is_encrypted(safe) != 1 || ++encrypted > kMaxEncrypted) {
      ++out.others;
    } else {
      ERR_clear_error();
      const Bags bags(PKCS12_unpack_p7encdata(safe, terminated.c_str(), octets));
      if (bags) {
        add_bags(bags.get(), 0, out);
      } else {
        out.closed = old_cipher() ? Pkcs12Certificates::Closed::OldCipher
                                  : Pkcs12Certificates::Closed::WrongPassphrase;
      }
    }
  }
  return out;
}

}  // namespace medic::x509
