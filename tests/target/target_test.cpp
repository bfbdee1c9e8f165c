#include "target/target.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string_view>

namespace medic::target {
namespace {

struct TargetCase {
  std::string_view text;
  std::string_view url;
  std::string_view unicode;
  std::string_view starttls;
  std::string_view why;
};

constexpr TargetCase kGood[] = {
    {"https://example.com", "https://example.com/", "example.com", "", "the plain case"},
    {"example.com", "https://example.com/", "example.com", "", "a bare host means https"},
    {"  Example.COM \n", "https://example.com/", "example.com", "", "case and blanks do not count"},
    {"example.com:8443", "https://example.com:8443/", "example.com", "", "host and port"},
    {"example.com:443", "https://example.com/", "example.com", "",
     "the default port is not written"},
    {"example.com:", "https://example.com/", "example.com", "",
     "RFC 3986: an empty port is the default"},
    {"HTTPS://a.example/x/y?token=1#f", "https://a.example/x/y", "a.example", "",
     "query is dropped"},
    {"https://user:pass@a.example/", "https://a.example/", "a.example", "", "userinfo is dropped"},
    {"https://user:p@ss@a.example/", "https://a.example/", "a.example", "", "the last @ counts"},
    {"https://a.example/@b", "https://a.example/@b", "a.example", "",
     "an @ in the path is no userinfo"},
    {"https://a.example\\b", "https://a.example\\b", "a.example", "", "a backslash ends the host"},
    {"http://a.example", "http://a.example/", "a.example", "", "a plain scheme is kept"},
    {"http://a.example:443", "http://a.example:443/", "a.example", "", "and so is its odd port"},
    {"[::1]:8443", "https://[::1]:8443/", "::1", "", "bracketed IPv6 with port"},
    {"2001:DB8:0:0::1", "https://[2001:db8::1]/", "2001:db8::1", "", "bare IPv6, RFC 5952 form"},
    {"https://[fe80::1%25eth0]/", "https://[fe80::1%25eth0]/", "fe80::1%eth0", "", "RFC 6874 zone"},
    {"[fe80::1%eth0]:99", "https://[fe80::1%25eth0]:99/", "fe80::1%eth0", "",
     "the zone as people type it"},
    {"fe80::1%25eth0", "https://[fe80::1%2525eth0]/", "fe80::1%25eth0", "",
     "outside brackets nothing is escaped: the zone is 25eth0"},
    {"127.0.0.1:99", "https://127.0.0.1:99/", "127.0.0.1", "", "IPv4 with port"},
    {"bücher.example", "https://xn--bcher-kva.example/", "bücher.example", "", "IDN to A-label"},
    {"https://faß.de", "https://xn--fa-hia.de/", "faß.de", "", "UTS #46 non-transitional keeps ß"},
    {"https://한국.kr/", "https://xn--3e0b707e.kr/", "한국.kr", "", "Hangul"},
    {"xn--3e0b707e.kr", "https://xn--3e0b707e.kr/", "한국.kr", "", "an A-label is shown decoded"},
    {"ＥＸＡＭＰＬＥ。com", "https://example.com/", "example.com", "",
     "full-width forms map to ASCII"},
    {"１２７.0.0.1", "https://127.0.0.1/", "127.0.0.1", "", "full-width digits make an address"},
    {"example.com.", "https://example.com/", "example.com", "", "SNI has no trailing dot"},
    {"a_b.example", "https://a_b.example/", "a_b.example", "", "underscores exist in the wild"},
    {"smtp://mx.example", "smtp://mx.example/", "mx.example", "smtp", "STARTTLS scheme"},
    {"smtps://mx.example", "smtps://mx.example/", "mx.example", "", "implicit TLS twin"},
    {"postgres://u:p@db.example/mydb", "postgres://db.example/mydb", "db.example", "postgres",
     "a database URL with a password"},
    {"xmpp://j.example", "xmpp://j.example/", "j.example", "xmpp", "port 5222"},
    {"mx.example:25", "https://mx.example:25/", "mx.example", "", "no guess by port unless asked"},
    {"localhost", "https://localhost/", "localhost", "", "one label"},
};

TEST(Target, TextBecomesTarget) {
  for (const TargetCase& c : kGood) {
    SCOPED_TRACE(fmt::format("{}: {}", c.text, c.why));
    const auto target = parse_target(c.text);
    ASSERT_TRUE(target) << target.error().what;
    EXPECT_EQ(target->url(), c.url);
    const auto again = parse_target(target->url());
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->host, target->host) << "a URL that we print reads back";
    EXPECT_EQ(target->unicode_host, c.unicode);
    EXPECT_EQ(target->starttls, c.starttls);
    EXPECT_EQ(target->security == Security::StartTls, !c.starttls.empty());
  }
}

struct MistakeCase {
  std::string_view text;
  std::string_view says;  // part of Error::what
  std::string_view why;
};

constexpr MistakeCase kBad[] = {
    {"", "no target", "nothing"},
    {"   ", "no target", "blanks only"},
    {"https://", "host is missing", "no authority"},
    {"https:/example.com", "one slash", "a slash too few"},
    {"htps://example.com", "scheme 'htps'", "a mistyped scheme"},
    {"example.com:port", "port 'port'", "a word for a port"},
    {"example.com:0", "port '0'", "port 0 cannot be dialled"},
    {"example.com:65536", "port '65536'", "one too many"},
    {"example.com:99999999999999999999", "port", "does not overflow"},
    {"example.com:+1", "port '+1'", "no sign"},
    {"*.example.com", "wildcard", "a pattern is no host"},
    {"a..example", "empty label", "two dots"},
    {".example", "empty label", "leading dot"},
    {"[::1", "not closed", "half a bracket"},
    {"[::1]x", "after the bracket", "junk after the bracket"},
    {"[example.com]", "not an IPv6", "a name in brackets"},
    {"1:2:3", "not an IPv6", "colons but no address"},
    {"127.1", "not an IPv4", "inet_aton shorthand is ambiguous"},
    {"1.2.3.4.5", "not an IPv4", "five parts"},
    {"256.1.1.1", "not an IPv4", "a part over 255"},
    {"exa mple.com", "white space", "two words"},
    {"a\x1b[31m.example", "white space or control", "an escape sequence"},
    {"exam%70le.com", "contains '%'", "percent in a host"},
    {"a.example,b.example", "contains ','", "a list"},
};

TEST(Target, MistakesAreNamed) {
  for (const MistakeCase& c : kBad) {
    SCOPED_TRACE(fmt::format("{}: {}", c.text, c.why));
    const auto target = parse_target(c.text);
    ASSERT_FALSE(target);
    EXPECT_EQ(target.error().kind, ErrorKind::Usage);
    EXPECT_NE(target.error().what.find(c.says), std::string::npos) << target.error().what;
    EXPECT_EQ(target.error().what.find('\x1b'), std::string::npos);
    EXPECT_FALSE(target.error().matters.empty());
  }
}

TEST(Target, NoErrorShowsAPassword) {
  for (const std::string_view text :
       {"https://user:hunter2@/", "https://user:hunter2@*.x/", "https://user:hun/ter2@a.example/",
        "https://hunter2:x/y@a.example", "htp://user:hunter2@a.example",
        "https://user:hunter2@a.example:x/"}) {
    const auto target = parse_target(text);
    ASSERT_FALSE(target) << text;
    const Error& e = target.error();
    const std::string all = e.what + e.matters + e.next_step;
    EXPECT_EQ(all.find("hun"), std::string::npos) << all;
  }
}

TEST(Target, PortImpliesStartTlsOnlyWhenAskedFor) {
  const TargetRules rules{.starttls_by_port = StartTlsByPort::Yes};
  EXPECT_EQ(parse_target("mx.example:587", rules)->starttls, "smtp");
  EXPECT_EQ(parse_target("mx.example:443", rules)->starttls, "");
  EXPECT_EQ(parse_target("https://mx.example:587", rules)->starttls, "") << "the scheme decides";
}

TEST(Target, LabelsAndNamesHaveTheirSizes) {
  EXPECT_TRUE(parse_host(std::string(63, 'a') + ".example"));
  EXPECT_FALSE(parse_host(std::string(64, 'a') + ".example"));
  std::string longest;
  while (longest.size() < 250) {
    longest += "a.";
  }
  EXPECT_TRUE(parse_host(longest + "bcd"));
  EXPECT_FALSE(parse_host(longest + "bcde"));
  EXPECT_FALSE(parse_target(std::string(100000, 'a')));
}

}  // namespace
}  // namespace medic::target
