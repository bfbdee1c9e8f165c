// One DER certificate, and what is derived from it.

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "x509/container.h"
#include "x509/host_name.h"
#include "x509/signature.h"

namespace {

using medic::ByteView;

bool lies_within(ByteView inner, ByteView outer) {
  return inner.empty() || (inner.data() >= outer.data() &&
                           inner.data() + inner.size() <= outer.data() + outer.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView der(data, size);
  const auto parsed = medic::x509::parse_certificate(der);
  if (!parsed) {
    MEDIC_CHECK(!parsed.error().what.empty());
    return 0;
  }
  const medic::x509::Certificate& certificate = **parsed;
  MEDIC_CHECK(lies_within(certificate.tbs, certificate.der));
  MEDIC_CHECK(lies_within(certificate.public_key.spki, certificate.der));
  MEDIC_CHECK(lies_within(certificate.signature, certificate.der));
  for (const auto& extension : certificate.extensions) {
    MEDIC_CHECK(lies_within(extension.value, certificate.der));
  }
  MEDIC_CHECK(medic::x509::peek_canonical_subject(der) == certificate.subject.canonical);
  const auto again = medic::x509::parse_name(certificate.subject.der);
  MEDIC_CHECK(again.has_value() && again->canonical == certificate.subject.canonical);
  const auto block = medic::x509::read_certificates(medic::as_bytes(medic::x509::pem(certificate)));
  MEDIC_CHECK(block.certificates.size() == 1 &&
              block.certificates[0]->fingerprint == certificate.fingerprint);
  medic::x509::match_host(certificate, "www.example.com", {.common_name = true, .openssl = true});
  medic::x509::check_signature(certificate, certificate.public_key);
  return 0;
}
