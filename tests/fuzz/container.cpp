// Files of certificates: PEM with anything around it, PKCS#7, concatenated DER.

#include "x509/container.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "x509/pem.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const medic::ByteView bytes(data, size);
  const auto found = medic::x509::read_certificates(bytes);
  MEDIC_CHECK(!found.format.empty());
  MEDIC_CHECK(!found.certificates.empty() || !found.problems.empty());
  const std::string_view text = medic::as_text(bytes);
  medic::x509::PemScanner scanner(text);
  medic::Bytes prefix;
  while (const auto block = scanner.next()) {
    // The two decoders must agree on what is base64.
    const auto whole = medic::x509::decode_pem_body(block->body);
    const bool good = medic::x509::decode_base64_prefix(block->body, 0, prefix);
    MEDIC_CHECK(whole.has_value() == good);
    MEDIC_CHECK(!whole || *whole == prefix);
    medic::x509::line_of(text, block->offset);
  }
  return 0;
}
