#include "x509/der.h"

#include <gtest/gtest.h>

#include "tests/x509/der_writer.h"
#include "x509/oid.h"

namespace medic::x509 {
namespace {

struct LengthCase {
  Bytes bytes;
  std::string_view failure;  // empty: good
  std::size_t content;
};

TEST(DerReader, TakesMinimalDefiniteLengthsOnly) {
  const std::vector<LengthCase> cases = {
      {{0x04, 0x00}, "", 0},
      {{0x04, 0x01, 0xAA}, "", 1},
      {Bytes{0x04, 0x81, 0x80} + Bytes(128, 1), "", 128},
      {Bytes{0x04, 0x82, 0x01, 0x00} + Bytes(256, 1), "", 256},
      {{}, "the data ends where an element should begin", 0},
      {{0x04}, "the data ends where an element should begin", 0},
      {{0x04, 0x02, 0xAA}, "a length longer than the data", 0},
      {{0x04, 0x81}, "the data ends inside a length", 0},
      {{0x04, 0x81, 0x01, 0xAA}, "a length that is not minimal", 0},
      {{0x04, 0x82, 0x00, 0x80}, "a length that is not minimal", 0},
      {{0x24, 0x80, 0x00, 0x00}, "an indefinite length", 0},
      {{0x04, 0x85, 1, 1, 1, 1, 1}, "a length of more than four octets", 0},
      {{0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}, "a length longer than the data", 0},
      {{0x1F, 0x81, 0x00, 0x00}, "a tag of more than one octet", 0},
  };
  for (const LengthCase& c : cases) {
    SCOPED_TRACE(hex(ByteView(c.bytes).first(std::min<std::size_t>(c.bytes.size(), 8))));
    der::Failure failure;
    der::Reader reader(c.bytes, failure);
    const der::Element element = reader.element();
    EXPECT_EQ(failure.what, c.failure);
    EXPECT_EQ(element.content.size(), c.content);
    EXPECT_EQ(reader.ok() && reader.at_end(), c.failure.empty());
  }
}

TEST(DerReader, KeepsTheFirstFailureAndReadsNothingAfterIt) {
  const Bytes bytes = {0x02, 0x01, 0x05, 0x02, 0x01, 0x06};
  der::Failure failure;
  der::Reader reader(bytes, failure);
  EXPECT_EQ(reader.small_integer(), 5U);
  reader.element(der::kOid);
  EXPECT_EQ(reader.small_integer(), 0U);
  reader.end();
  EXPECT_EQ(failure.error("x", bytes).what,
            "x: an element of another type than expected at offset 3: '\\x02\\x01\\x06'");
}

struct IntegerCase {
  Bytes content;
  bool minimal;
  std::uint32_t bits;
};

TEST(DerReader, IntegersAreMinimal) {
  const std::vector<IntegerCase> cases = {{{}, false, 0},           {{0x00}, true, 0},
                                          {{0x7F}, true, 7},        {{0x00, 0x80}, true, 8},
                                          {{0x00, 0x7F}, false, 7}, {{0xFF, 0x7F}, true, 16},
                                          {{0xFF, 0x80}, false, 16}};
  for (const IntegerCase& c : cases) {
    SCOPED_TRACE(hex(c.content));
    EXPECT_EQ(der::is_minimal_integer(c.content), c.minimal);
    EXPECT_EQ(der::bit_length(c.content), c.bits);
  }
}

TEST(DerReader, SmallIntegersAreNeitherNegativeNorLarge) {
  for (const Bytes& bytes :
       {Bytes{0x02, 0x01, 0x80}, Bytes{0x02, 0x05, 0x00, 0x80, 0, 0, 0}, Bytes{0x02, 0x00}}) {
    der::Failure failure;
    der::Reader reader(bytes, failure);
    reader.small_integer();
    EXPECT_TRUE(failure.failed()) << hex(bytes);
  }
}

TEST(DerWriter, LengthsAreReadBack) {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U}) {
    const Bytes bytes = der::wrapped(der::kOctetString, Bytes(size, 7));
    der::Failure failure;
    der::Reader reader(bytes, failure);
    EXPECT_EQ(reader.element(der::kOctetString).content.size(), size);
    reader.end();
    EXPECT_FALSE(failure.failed()) << failure.what;
  }
}

TEST(Oid, TextAndCodeAgree) {
  constexpr Oid kRsa = make_oid({1, 2, 840, 113549, 1, 1, 1});
  EXPECT_EQ(hex(kRsa.view()), "2a864886f70d010101");
  EXPECT_EQ(dotted(kRsa.view()), "1.2.840.113549.1.1.1");
  EXPECT_EQ(dotted(make_oid({2, 999, 3}).view()), "2.999.3");
  EXPECT_EQ(dotted(make_oid({0, 9, 2342}).view()), "0.9.2342");
  const Bytes largest = {0x2A, 0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F};
  EXPECT_EQ(dotted(largest), "1.2.18446744073709551615");
  const Bytes larger = {0x2A, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00};
  EXPECT_EQ(dotted(larger),
            "0x2a8280808080808080"
            "8000")
      << "an arc beyond 64 bits";
}

}  // namespace
}  // namespace medic::x509
