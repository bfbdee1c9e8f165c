#pragma once

// DER as the lab writes it (X.690). A writer of our own and not OpenSSL's X509 objects because the
// lab must be able to write what no library would (a wrong version, two extensions of one kind),
// and because building an X509 costs several times the signature on OpenSSL 3.0.

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace medic::lab::der {

// Identifier octets (X.690 section 8.1.2).
inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kBitString = 0x03;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kNull = 0x05;
inline constexpr std::uint8_t kOid = 0x06;
inline constexpr std::uint8_t kEnumerated = 0x0A;
inline constexpr std::uint8_t kUtf8String = 0x0C;
inline constexpr std::uint8_t kPrintableString = 0x13;
inline constexpr std::uint8_t kIa5String = 0x16;
inline constexpr std::uint8_t kUtcTime = 0x17;
inline constexpr std::uint8_t kGeneralizedTime = 0x18;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kSet = 0x31;

// [number] primitive and constructed.
constexpr std::uint8_t context(std::uint8_t number) {
  return static_cast<std::uint8_t>(0x80U | number);
}
constexpr std::uint8_t context_constructed(std::uint8_t number) {
  return static_cast<std::uint8_t>(0xA0U | number);
}

Bytes tlv(std::uint8_t tag, ByteView content);
Bytes tlv(std::uint8_t tag, std::string_view content);
// The parts one after the other; empty ones vanish, which is how optional fields are left out.
Bytes tlv(std::uint8_t tag, std::initializer_list<ByteView> parts);
Bytes sequence(std::initializer_list<ByteView> parts);

Bytes boolean(bool value);
Bytes integer(std::uint64_t value);
// Dotted decimal; an invalid one is a bug of the caller.
Bytes oid(std::string_view dotted);
Bytes octet_string(ByteView content);
// No unused bits.
Bytes bit_string(ByteView content);
// A named bit list (X.690 section 11.2.2: no trailing zero bits); bit 0 is the lowest bit of
// `bits`.
Bytes named_bits(std::uint16_t bits);
// UTCTime through 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5).
Bytes time(Time at);
Bytes generalized_time(Time at);

void append(Bytes& to, ByteView more);

}  // namespace medic::lab::der
