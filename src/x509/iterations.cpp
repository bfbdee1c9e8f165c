#include "x509/iterations.h"

namespace medic::x509 {
namespace {

// Does a PBE parameter SEQUENCE { OCTET STRING salt, INTEGER iterations ...} begin at `at`, and ask
// too much? Looked for by its octets, because such files may be BER, which our reader refuses.
bool is_excessive(ByteView bytes, std::size_t at) {
  const std::size_t salt_at = at + (bytes[at + 1] == 0x81 ? 3 : bytes[at + 1] == 0x82 ? 4 : 2);
  if (salt_at + 2 > bytes.size() || bytes[salt_at] != 0x04 || bytes[salt_at + 1] >= 0x80) {
    return false;
  }
  const std::size_t count_at = salt_at + 2 + bytes[salt_at + 1];
  if (count_at + 2 > bytes.size() || bytes[count_at] != 0x02) {
    return false;
  }
  const std::size_t octets = bytes[count_at + 1];
  if (octets > 8 || bytes.size() - count_at - 2 < octets) {
    return false;  // no iteration count: OpenSSL refuses more than a long
  }
  std::uint64_t value = 0;
  for (const std::uint8_t octet : bytes.subspan(count_at + 2, octets)) {
    value = (value << 8U) | octet;
  }
  return value > kMaxIterations;
}

}  // namespace

bool asks_too_much(ByteView bytes) {
  for (std::size_t at = 0; at + 4 <= bytes.size(); ++at) {
    if (bytes[at] == 0x30 && is_excessive(bytes, at)) {
      return true;
    }
  }
  return false;
}

bool asks_too_much(const PKCS12& file) {
  const ASN1_INTEGER* iterations = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &iterations, &file);
  std::uint64_t value = 0;
  return iterations != nullptr &&
         (ASN1_INTEGER_get_uint64(&value, iterations) != 1 || value > kMaxIterations);
}

}  // namespace medic::x509
