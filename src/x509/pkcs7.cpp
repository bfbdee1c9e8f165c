#include "x509/pkcs7.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "x509/der.h"
#include "x509/oid.h"
#include "x509/openssl.h"

namespace medic::x509 {
namespace {

constexpr Oid kSignedData = make_oid({1, 2, 840, 113549, 1, 7, 2});

// 06 09 2A 86 48 86 F7 0D 01 07 02 after a SEQUENCE header of any form.
bool begins_with_oid(ByteView bytes, std::size_t at) {
  return bytes.size() >= at + 2 + kSignedData.size && bytes[at] == der::kOid &&
         bytes[at + 1] == kSignedData.size &&
         kSignedData == bytes.subspan(at + 2, kSignedData.size);
}

bool is_indefinite(ByteView bytes) {
  return bytes.size() > 2 && bytes[0] == der::kSequence && bytes[1] == 0x80;
}

Result<std::vector<Bytes>> from_openssl(ByteView bytes) {
  const ErrorMark mark;
  const unsigned char* at = bytes.data();
  const Handle<PKCS7, PKCS7_free> parsed(d2i_PKCS7(
      nullptr, &at,
      static_cast<long>(std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max()))));
  if (!parsed || !PKCS7_type_is_signed(parsed.get()) || parsed->d.sign == nullptr) {
    return fail(ErrorKind::Data, "not a PKCS#7 SignedData");
  }
  std::vector<Bytes> found;
  const STACK_OF(X509)* const certificates = parsed->d.sign->cert;
  for (int i = 0; i < sk_X509_num(certificates); ++i) {
    Bytes der(
        static_cast<std::size_t>(std::max(0, i2d_X509(sk_X509_value(certificates, i), nullptr))));
    unsigned char* out = der.data();
    i2d_X509(sk_X509_value(certificates, i), &out);
    found.push_back(std::move(der));
  }
  return found;
}

}  // namespace

bool is_pkcs7(ByteView bytes) {
  if (bytes.size() < 2 || bytes[0] != der::kSequence) {
    return false;
  }
  const std::size_t length_octets =
      bytes[1] <= 0x80U ? 0 : static_cast<std::size_t>(bytes[1] & 0x7FU);
  return begins_with_oid(bytes, 2 + length_octets);
}

Result<std::vector<Bytes>> pkcs7_certificates(ByteView bytes) {
  if (is_indefinite(bytes)) {
    return from_openssl(bytes);
  }
  der::Failure failure;
  der::Reader reader(bytes, failure);
  der::Reader info = reader.inside(der::kSequence);
  const ByteView type = info.oid();
  if (info.ok() && !(kSignedData == type)) {
    return fail(ErrorKind::Data, "a PKCS#7 structure that is not SignedData");
  }
  der::Reader content = info.inside(der::context_constructed(0));
  der::Reader data = content.inside(der::kSequence);
  data.integer();
  data.element(der::kSet);       // digestAlgorithms
  data.element(der::kSequence);  // encapContentInfo
  std::vector<Bytes> found;
  if (data.next_is(der::context_constructed(0))) {
    der::Reader list = data.inside(der::context_constructed(0));
    while (list.ok() && !list.at_end()) {
      const der::Element one = list.element();
      if (list.ok() && one.tag == der::kSequence) {  // other CertificateChoices are not X.509 v3
        found.emplace_back(one.whole.begin(), one.whole.end());
      }
    }
  }
  if (failure.failed()) {
    return std::unexpected(failure.error("not a PKCS#7 SignedData", bytes));
  }
  return found;
}

}  // namespace medic::x509
