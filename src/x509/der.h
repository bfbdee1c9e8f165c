#pragma once

// A bounds-checked reader of DER (X.690 section 10): definite, minimal lengths and one-octet tags
// only. It is not a BER reader: what OpenSSL also takes (indefinite or padded lengths) is malformed
// here. Views point into the bytes that were given; nothing is allocated. The first failure is kept
// and every later read fails, so a parser may read on and ask once.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace medic::x509::der {

// Identifier octets (X.690 section 8.1.2), class and constructed bit included.
inline constexpr std::uint8_t kBoolean = 0x01;
inline constexpr std::uint8_t kInteger = 0x02;
inline constexpr std::uint8_t kBitString = 0x03;
inline constexpr std::uint8_t kOctetString = 0x04;
inline constexpr std::uint8_t kNull = 0x05;
inline constexpr std::uint8_t kOid = 0x06;
inline constexpr std::uint8_t kEnumerated = 0x0A;
inline constexpr std::uint8_t kUtf8String = 0x0C;
inline constexpr std::uint8_t kNumericString = 0x12;
inline constexpr std::uint8_t kPrintableString = 0x13;
inline constexpr std::uint8_t kT61String = 0x14;
inline constexpr std::uint8_t kIa5String = 0x16;
inline constexpr std::uint8_t kUtcTime = 0x17;
inline constexpr std::uint8_t kGeneralizedTime = 0x18;
inline constexpr std::uint8_t kVisibleString = 0x1A;
inline constexpr std::uint8_t kUniversalString = 0x1C;
inline constexpr std::uint8_t kBmpString = 0x1E;
inline constexpr std::uint8_t kSequence = 0x30;
inline constexpr std::uint8_t kSet = 0x31;
constexpr std::uint8_t context(std::uint8_t number) {
  return 0x80U | number;
}
constexpr std::uint8_t context_constructed(std::uint8_t number) {
  return 0xA0U | number;
}

struct Element {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView whole;  // with tag and length
};

// What went wrong first, and where. `what` points to a literal.
struct Failure {
  std::string_view what;
  ByteView rest;  // from the offending octet to the end of its container

  [[nodiscard]] bool failed() const { return !what.empty(); }
  void set(std::string_view reason, ByteView at) {
    if (!failed()) {
      what = reason;
      rest = at;
    }
  }
  // "<subject>: <what> at offset 17: '\x30\x84'"; `origin` holds the bytes the offset counts from.
  [[nodiscard]] Error error(std::string_view subject, ByteView origin) const;
};

class Reader {
 public:
  // `failure` is shared by all readers of one parse and must outlive them.
  Reader(ByteView bytes, Failure& failure) : rest_(bytes), failure_(&failure) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool ok() const { return !failure_->failed(); }
  [[nodiscard]] ByteView rest() const { return rest_; }
  [[nodiscard]] Failure& failure() const { return *failure_; }
  // Is there a next element, and has it this tag?
  [[nodiscard]] bool next_is(std::uint8_t tag) const {
    return ok() && !rest_.empty() && rest_.front() == tag;
  }

  // Each returns an empty element after a failure.
  Element element();
  Element element(std::uint8_t tag);
  // The content of a constructed element, read by a reader of its own.
  Reader inside(std::uint8_t tag) { return {element(tag).content, *failure_}; }
  // Consumes the element only if it has the tag.
  std::optional<Element> optional(std::uint8_t tag);
  // A minimal two's complement INTEGER's octets (X.690 section 8.3.2).
  ByteView integer(std::uint8_t tag = kInteger);
  // An INTEGER that is not negative and fits; larger is a failure.
  std::uint32_t small_integer(std::uint8_t tag = kInteger);
  bool boolean();
  ByteView oid();
  // Fails when something is left.
  void end();

 private:
  ByteView rest_;
  Failure* failure_;
};

// A BIT STRING's octets; `unused_bits` of the last one do not count (0 to 7).
struct BitString {
  ByteView octets;
  std::uint8_t unused_bits = 0;
};
BitString bit_string(Reader& reader, std::uint8_t tag = kBitString);
// The same of an element's content, for an implicit tag that was already read.
BitString bit_string_content(ByteView content, Failure& failure);

bool is_minimal_integer(ByteView content);
// The magnitude's length in bits of a non-negative INTEGER's octets.
std::uint32_t bit_length(ByteView content);

// Writing, for what we make ourselves (canonical names, OCSP requests).
void append(Bytes& out, std::uint8_t tag, ByteView content);
Bytes wrapped(std::uint8_t tag, ByteView content);

}  // namespace medic::x509::der
