#include "base/bytes.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace medic {
namespace {

struct Base64Case {
  std::string_view text;
  std::string_view bytes;
  std::string_view why;
};

// RFC 4648 section 10.
constexpr Base64Case kVectors[] = {
    {"", "", "nothing"},        {"Zg==", "f", "two pads"}, {"Zm8=", "fo", "one pad"},
    {"Zm9v", "foo", "no pad"},  {"Zm9vYg==", "foob", ""},  {"Zm9vYmE=", "fooba", ""},
    {"Zm9vYmFy", "foobar", ""},
};

TEST(Bytes, Base64OfTheRfc) {
  for (const Base64Case& c : kVectors) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(base64(as_bytes(c.bytes)), c.text);
    const auto parsed = parse_base64(c.text);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(as_text(*parsed), c.bytes);
  }
}

TEST(Bytes, WhiteSpaceInBase64IsSkipped) {
  EXPECT_EQ(as_text(parse_base64("Zm9v\r\n YmFy\t\n").value_or(Bytes{})), "foobar");
}

TEST(Bytes, EverythingElseIsRefusedWithItsPlace) {
  for (const std::string_view bad :
       {"Zg", "Zg=", "Z", "Zm9v!", "Zg==Zg==", "=", "Zm9vYg=A", "Zm9v-_=="}) {
    const auto parsed = parse_base64(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(parsed.error().kind, ErrorKind::Data);
  }
  EXPECT_NE(parse_base64("Zm9v!").error().what.find("offset 4"), std::string::npos);
}

TEST(Bytes, HexGoesBothWays) {
  EXPECT_EQ(hex(Bytes{0x00, 0x0f, 0xff}), "000fff");
  EXPECT_EQ(parse_hex("00Ff").value_or(Bytes{}), (Bytes{0x00, 0xff}));
  EXPECT_FALSE(parse_hex("0").has_value());
  EXPECT_FALSE(parse_hex("0g").has_value());
}

struct EscapeCase {
  std::string_view text;
  std::string_view shown;
  std::string_view why;
};

constexpr EscapeCase kEscapes[] = {
    {"plain", "plain", "nothing to do"},
    {"a\nb", "a\\x0ab", "a line break would forge a line of ours"},
    {"\x1b[2J", "\\x1b[2J", "an escape sequence"},
    {"인증서", "인증서", "UTF-8 stays"},
    {"\xff\xfe", "\\xff\\xfe", "no UTF-8"},
    {"\xc0\xaf", "\\xc0\\xaf", "an overlong slash"},
    {"\xed\xa0\x80", "\\xed\\xa0\\x80", "half of a surrogate pair"},
    {"\xe2\x80\xae", "\\xe2\\x80\\xae", "right-to-left override"},
    {"\xe2\x80\x8b", "\\xe2\\x80\\x8b", "zero width space"},
    {"\xc2\x85", "\\xc2\\x85", "a C1 control"},
    {"\xe2\x80", "\\xe2\\x80", "a cut sequence"},
    {"\x7f", "\\x7f", "delete"},
};

TEST(Bytes, ForeignTextIsMadeSafe) {
  for (const EscapeCase& c : kEscapes) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(escaped(c.text), c.shown);
  }
  EXPECT_EQ(escaped("abcdef", 3), "abc…");
}

}  // namespace
}  // namespace medic
