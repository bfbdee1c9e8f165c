#include "target/ip_address.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string_view>

namespace medic::target {
namespace {

struct TextCase {
  std::string_view text;
  std::string_view canonical;  // empty: not an address
};

constexpr TextCase kTexts[] = {
    {"1.2.3.4", "1.2.3.4"},
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"01.2.3.4", ""},
    {"1.2.3", ""},
    {"1.2.3.4.", ""},
    {"1.2.3.256", ""},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"0:0:0:0:0:0:0:1", "::1"},
    {"2001:0DB8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
    {"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
    {"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
    {"fe80::1%eth0", "fe80::1%eth0"},
    {"fe80::1%", ""},
    {"fe80::1%a b", ""},
    {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
    {"1:2:3:4:5:6:7", ""},
    {"1:2:3:4:5:6:7:8:9", ""},
    {"1:2:3:4:5:6:7::8", ""},
    {"1::2::3", ""},
    {":::", ""},
    {"1:", ""},
    {":1", ""},
    {"12345::", ""},
    {"g::", ""},
    {"1.2.3.4::", ""},
    {"", ""},
};

TEST(IpAddress, TextIsParsedStrictlyAndWrittenCanonically) {
  for (const TextCase& c : kTexts) {
    SCOPED_TRACE(c.text);
    const auto address = parse_ip(c.text);
    EXPECT_EQ(address.has_value(), !c.canonical.empty());
    if (address) {
      EXPECT_EQ(ip_text(*address), c.canonical);
      EXPECT_EQ(parse_ip(ip_text(*address)), address) << "the text form reads back";
    }
  }
}

struct PrivateCase {
  std::string_view address;
  bool is_private;
  std::string_view why;
};

constexpr PrivateCase kPrivate[] = {
    {"127.0.0.1", true, "loopback"},
    {"127.255.255.254", true, "all of 127/8"},
    {"10.1.2.3", true, "RFC 1918"},
    {"172.16.0.1", true, "RFC 1918"},
    {"172.32.0.1", false, "just above 172.16/12"},
    {"192.168.1.1", true, "RFC 1918"},
    {"169.254.169.254", true, "link-local: cloud metadata"},
    {"100.64.0.1", true, "RFC 6598"},
    {"100.128.0.1", false, "just above 100.64/10"},
    {"0.0.0.0", true, "this host"},
    {"224.0.0.1", true, "multicast"},
    {"8.8.8.8", false, "public"},
    {"::1", true, "loopback"},
    {"::", true, "unspecified"},
    {"fe80::1", true, "link-local"},
    {"fd00::1", true, "unique-local"},
    {"ff02::1", true, "multicast"},
    {"2001:4860::1", false, "public"},
    {"::ffff:127.0.0.1", true, "mapped loopback"},
    {"::ffff:8.8.8.8", false, "mapped public"},
    {"::127.0.0.1", true, "compatible loopback"},
    {"64:ff9b::7f00:1", true, "NAT64 of loopback"},
    {"64:ff9b::808:808", false, "NAT64 of a public address"},
    {"64:ff9b:1::1", true, "local-use NAT64"},
    {"2002:7f00:1::", true, "6to4 of loopback"},
};

TEST(IpAddress, PrivateAddressesAreKnown) {
  for (const PrivateCase& c : kPrivate) {
    SCOPED_TRACE(fmt::format("{}: {}", c.address, c.why));
    EXPECT_EQ(is_private(*parse_ip(c.address)), c.is_private);
  }
}

}  // namespace
}  // namespace medic::target
