#pragma once

// Odd DER by hand: what no generator would write.

#include <initializer_list>

#include "base/bytes.h"
#include "x509/der.h"

namespace medic::x509 {

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline Bytes tlv(std::uint8_t tag, const Bytes& content) {
  return der::wrapped(tag, content);
}
inline Bytes sequence(const Bytes& content) {
  return tlv(der::kSequence, content);
}
inline Bytes octets(std::string_view text) {
  return {text.begin(), text.end()};
}
inline Bytes text(std::uint8_t tag, std::string_view value) {
  return tlv(tag, octets(value));
}
inline Bytes integer(std::uint8_t value) {
  return tlv(der::kInteger, {value});
}
inline Bytes boolean(bool value) {
  return tlv(der::kBoolean, {static_cast<std::uint8_t>(value ? 0xFF : 0)});
}

// The parts of a certificate; change one and encode. As made here it breaks no rule.
struct OddCertificate {
  Bytes version = tlv(0xA0, integer(2));
  Bytes serial = integer(1);
  Bytes inner_algorithm =
      sequence(tlv(der::kOid, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02}));
  Bytes issuer = name("issuer");
  Bytes not_before = text(der::kUtcTime, "200101000000Z");
  Bytes not_after = text(der::kUtcTime, "300101000000Z");
  Bytes subject = name("subject");
  // A P-256 key whose point nobody checks here.
  Bytes key = sequence(sequence(tlv(der::kOid, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01}) +
                                tlv(der::kOid, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07})) +
                       tlv(der::kBitString, Bytes{0x00, 0x04} + Bytes(64, 0x11)));
  Bytes unique_ids;
  Bytes extensions;  // Extension elements; empty: no field
  bool extension_field = false;
  Bytes outer_algorithm = inner_algorithm;
  Bytes signature = tlv(der::kBitString, {0x00, 0x30, 0x00});
  Bytes trailing;

  static Bytes name(std::string_view common_name) {
    return sequence(tlv(der::kSet, sequence(tlv(der::kOid, {0x55, 0x04, 0x03}) +
                                            text(der::kUtf8String, common_name))));
  }
  // `oid` as its content octets.
  OddCertificate& with_extension(const Bytes& oid, const Bytes& value, bool critical = false) {
    extensions = extensions + sequence(tlv(der::kOid, oid) + (critical ? boolean(true) : Bytes{}) +
                                       tlv(der::kOctetString, value));
    return *this;
  }
  [[nodiscard]] Bytes encoded() const {
    const Bytes field =
        extensions.empty() && !extension_field ? Bytes{} : tlv(0xA3, sequence(extensions));
    const Bytes tbs =
        sequence(version + serial + inner_algorithm + issuer + sequence(not_before + not_after) +
                 subject + key + unique_ids + field);
    return sequence(tbs + outer_algorithm + signature) + trailing;
  }
};

}  // namespace medic::x509
