#include "target/place.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace medic::target {
namespace {

struct PlaceCase {
  std::string line;
  std::uint64_t count = 1;
  std::string first;  // Place::text(); empty: refused
  std::string why;
};

const std::vector<PlaceCase> kCases = {
    {"example.org", 1, "example.org:443", "a bare name"},
    {"Example.ORG:8443", 1, "example.org:8443", "a port, and one spelling"},
    {"https://example.org/path?q", 1, "example.org:443", "a URL"},
    {"https://example.org:9443/", 1, "example.org:9443", "a URL with a port"},
    {"smtp://mail.example.org", 1, "smtp+starttls:mail.example.org:25", "STARTTLS by scheme"},
    {"192.0.2.7", 1, "192.0.2.7:443", "an address"},
    {"[2001:db8::1]:8443", 1, "[2001:db8::1]:8443", "IPv6 with a port"},
    {"2001:db8::1", 1, "[2001:db8::1]:443", "IPv6 without brackets"},
    {"www.example.org@192.0.2.7", 1, "www.example.org@192.0.2.7:443", "a name at an address"},
    {"www.example.org@[2001:db8::1]:8443", 1, "www.example.org@[2001:db8::1]:8443", "at IPv6"},
    {"www.example.org@elsewhere", 1, "", "behind the @ stands an address"},
    {"192.0.2.0/30", 4, "192.0.2.0:443", "a network, all of it"},
    {"192.0.2.77/24:8443", 256, "192.0.2.0:8443", "any address of the network names it"},
    {"10.0.0.0/8", 16777216, "10.0.0.0:443", "a large one costs nothing"},
    {"0.0.0.0/0", 4294967296, "0.0.0.0:443", "all of IPv4 can be written"},
    {"[2001:db8::]/120", 256, "[2001:db8::]:443", "a small IPv6 network"},
    {"2001:db8::/32", 1, "", "nobody can walk that"},
    {"192.0.2.0/33", 1, "", "no such network"},
    {"192.0.2.1-192.0.2.40", 40, "192.0.2.1:443", "a range"},
    {"192.0.2.1-40", 40, "192.0.2.1:443", "a range by last octet"},
    {"192.0.2.1-40:8443", 40, "192.0.2.1:8443", "a range with a port"},
    {"192.0.2.40-1", 1, "", "backwards: and no host name either"},
    {"my-host.example.org", 1, "my-host.example.org:443", "a dash in a name is no range"},
    {"imap+starttls:mail.example.org:143", 1, "imap+starttls:mail.example.org:143",
     "as records write it"},
    {"a\"b+starttls:mail.example.org", 1, "", "no such protocol can be"},
    {"not a host", 1, "", "blanks"},
    {"example.org:99999", 1, "", "no such port"},
};

TEST(Place, EveryFormOfALine) {
  for (const PlaceCase& c : kCases) {
    SCOPED_TRACE(fmt::format("{}: {}", c.line, c.why));
    auto places = Places::parse(c.line, {});
    if (c.first.empty()) {
      EXPECT_FALSE(places);
      continue;
    }
    ASSERT_TRUE(places) << places.error().what;
    EXPECT_EQ(places->count(), c.count);
    EXPECT_EQ(places->next()->text(), c.first);
  }
}

TEST(Place, ANetworkYieldsEachAddressOnceAndEnds) {
  auto places = Places::parse("192.0.2.254-192.0.3.1", {.port = 8443, .starttls = ""});
  ASSERT_TRUE(places);
  std::string all;
  while (const auto place = places->next()) {
    all += place->text() + " ";
  }
  EXPECT_EQ(all, "192.0.2.254:8443 192.0.2.255:8443 192.0.3.0:8443 192.0.3.1:8443 ");
}

TEST(Place, StarttlsGoesByPortWhenAsked) {
  EXPECT_EQ(Places::parse("a.example:25", {.starttls = "auto"})->next()->starttls, "smtp");
  EXPECT_EQ(Places::parse("a.example:443", {.starttls = "auto"})->next()->starttls, "");
  EXPECT_EQ(Places::parse("a.example:25", {})->next()->starttls, "");
  EXPECT_EQ(Places::parse("a.example:2525", {.starttls = "smtp"})->next()->starttls, "smtp");
}

struct ExclusionCase {
  std::string rule;
  std::string place;
  bool covered = false;
};

TEST(Place, ExclusionsCoverAddressesNetworksAndNames) {
  const std::vector<ExclusionCase> cases = {
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.8", false},
      {"192.0.2.0/28", "192.0.2.15", true},
      {"192.0.2.0/28", "192.0.2.16", false},
      {"192.0.2.0/28", "www.example.org@192.0.2.3", true},
      {"2001:db8::/32", "[2001:db8:1::1]:443", true},
      {"example.org", "example.org", true},
      {"example.org", "www.example.org", false},
      {"*.example.org", "www.example.org", true},
      {"*.example.org", "example.org", false},
      {"example.org:8443", "example.org:443", false},
      {"example.org:8443", "example.org:8443", true},
  };
  for (const ExclusionCase& c : cases) {
    SCOPED_TRACE(c.rule + " and " + c.place);
    Exclusions exclusions;
    ASSERT_TRUE(exclusions.add(c.rule));
    EXPECT_EQ(exclusions.covers(*Places::parse(c.place, {})->next()), c.covered);
  }
  Exclusions exclusions;
  EXPECT_FALSE(exclusions.add("192.0.2.0/40"));
  EXPECT_FALSE(exclusions.add("not a host"));
}

}  // namespace
}  // namespace medic::target
