#include "target/overrides.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace medic::target {
namespace {

struct ResolveCase {
  std::string_view text;
  std::string_view shown;  // host|port|addresses; empty: an Error
};

constexpr ResolveCase kResolve[] = {
    {"example.com:443:127.0.0.1", "example.com|443|127.0.0.1"},
    {"Example.com:443:127.0.0.1,::1", "example.com|443|127.0.0.1,::1"},
    {"example.com:443:[2001:DB8::1]", "example.com|443|2001:db8::1"},
    {"example.com:443:2001:db8::1", "example.com|443|2001:db8::1"},
    {"[::1]:443:127.0.0.1", "::1|443|127.0.0.1"},
    {"*:443:127.0.0.1", "*|443|127.0.0.1"},
    {"+example.com:443:127.0.0.1", "example.com|443|127.0.0.1"},
    {"-example.com:443", ""},
    {"example.com:443", ""},
    {"example.com:443:", ""},
    {"example.com:0:127.0.0.1", ""},
    {"example.com::127.0.0.1", ""},
    {":443:127.0.0.1", ""},
    {"example.com:443:localhost", ""},
    {"[::1:443:127.0.0.1", ""},
    {"", ""},
};

TEST(Overrides, ResolveHasCurlsForm) {
  for (const ResolveCase& c : kResolve) {
    SCOPED_TRACE(c.text);
    const auto got = parse_resolve(c.text);
    ASSERT_EQ(got.has_value(), !c.shown.empty());
    if (got) {
      EXPECT_EQ(fmt::format("{}|{}|{}", got->host, got->port, fmt::join(got->addresses, ",")),
                c.shown);
    }
  }
}

TEST(Overrides, ExactHostWinsOverTheWildcard) {
  const ResolveOverride rules[] = {*parse_resolve("*:443:10.0.0.1"),
                                   *parse_resolve("a.example:443:10.0.0.2")};
  EXPECT_EQ(find_override(rules, "a.example", 443)->addresses.front(), "10.0.0.2");
  EXPECT_EQ(find_override(rules, "b.example", 443)->addresses.front(), "10.0.0.1");
  EXPECT_EQ(find_override(rules, "a.example", 80), nullptr);
}

TEST(Overrides, OfTwoEntriesForTheSameHostAndPortTheLaterHolds) {
  const ResolveOverride rules[] = {*parse_resolve("a.example:443:10.0.0.1"),
                                   *parse_resolve("a.example:443:10.0.0.2"),
                                   *parse_resolve("a.example:444:10.0.0.3")};
  EXPECT_EQ(find_override(rules, "a.example", 443)->addresses.front(), "10.0.0.2")
      << "curl: old addresses discarded";
}

TEST(Overrides, AFamilyTakesItsOwnAddressesInOrder) {
  const std::vector<std::string> both = {"10.0.0.1", "2001:db8::1", "10.0.0.2"};
  using Addresses = std::vector<std::string>;
  EXPECT_EQ(of_family(both, Family::Any), both);
  EXPECT_EQ(of_family(both, Family::Ipv4), (Addresses{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(of_family(both, Family::Ipv6), (Addresses{"2001:db8::1"}));
}

struct ConnectCase {
  std::string_view rule;
  std::string_view host;
  std::uint16_t port;
  std::string_view goes_to;  // empty: the rule is an Error
};

constexpr ConnectCase kConnect[] = {
    {"a.example:443:b.example:8443", "a.example", 443, "b.example:8443"},
    {"a.example:443:b.example:8443", "a.example", 80, "a.example:80"},
    {"a.example:443:b.example:8443", "c.example", 443, "c.example:443"},
    {"::b.example:8443", "any.example", 1, "b.example:8443"},
    {"a.example:443::8443", "a.example", 443, "a.example:8443"},
    {"a.example:443:b.example:", "a.example", 443, "b.example:443"},
    {":443:[::1]:1", "x.example", 443, "::1:1"},
    {"a.example:443:b.example", "", 0, ""},
    {"a.example:443", "", 0, ""},
    {"a.example:x:b:1", "", 0, ""},
};

TEST(Overrides, ConnectToHasCurlsMeaning) {
  for (const ConnectCase& c : kConnect) {
    SCOPED_TRACE(fmt::format("{} for {}:{}", c.rule, c.host, c.port));
    const auto rule = parse_connect_to(c.rule);
    ASSERT_EQ(rule.has_value(), !c.goes_to.empty());
    if (rule) {
      const HostPort to = connect_to(std::span(&*rule, 1), c.host, c.port);
      EXPECT_EQ(fmt::format("{}:{}", to.host, to.port), c.goes_to);
    }
  }
}

}  // namespace
}  // namespace medic::target
