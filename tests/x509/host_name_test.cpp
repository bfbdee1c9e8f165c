#include "x509/host_name.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "tests/x509/made_certificate.h"

namespace medic::x509 {
namespace {

struct NameCase {
  std::string_view pattern;
  std::string_view host;
  bool matches;  // dns_name_matches
  std::string_view why;
};

constexpr auto kNameCases = std::to_array<NameCase>({
    {"a.example", "a.example", true, "exact"},
    {"A.Example", "a.eXAMPLE", true, "case does not count"},
    {"a.example", "b.example", false, "another name"},
    {"a.example", "a.example.org", false, "a prefix is not the name"},
    {"example.org", "a.example.org", false, "a suffix is not the name"},
    {"example", "example", true, "a single label matches itself"},
    {"a.example", "a.example.", true, "RFC 9525 6.3: a trailing dot of the host does not count"},
    {"a.example.", "a.example", false, "a trailing dot in the certificate is another name"},
    {"*.example.com", "a.example.com", true, "RFC 9525 6.3: the wildcard is the left-most label"},
    {"*.example.com", "A.EXAMPLE.com", true, "case does not count beside a wildcard"},
    {"*.example.com", "example.com", false, "a wildcard does not stand for nothing"},
    {"*.example.com", ".example.com", false, "an empty label is no name"},
    {"*.example.com", "a.b.example.com", false, "a wildcard covers one label"},
    {"*.example.com", "a.example.org", false, "another parent"},
    {"*.example.com", "aexample.com", false, "the dot counts"},
    {"*.example.com", "xn--bcher-kva.example.com", true, "an A-label is a label like others"},
    {"*.example.com", "1.example.com", true, "digits"},
    {"*.example.com", "a-b.example.com", true, "hyphen inside"},
    {"*.example.com", "-a.example.com", true, "a hyphen first: nobody checks the covered label"},
    {"*.example.com", "a_b.example.com", true, "RFC 9525 says nothing about underscores"},
    {"*.example.com", "a.example.com.", true, "trailing dot of the host"},
    {"*.example.com", "*.example.com", true, "a literal star is one label"},
    {"f*.example.com", "foo.example.com", false, "RFC 9525 6.3: no partial-label wildcards"},
    {"*o.example.com", "foo.example.com", false, "no partial wildcard at the end"},
    {"f*o.example.com", "foo.example.com", false, "no partial wildcard inside"},
    {"f*.example.com", "f.example.com", false, "a partial wildcard over nothing"},
    {"f*.example.com", "f.a.example.com", false, "a partial wildcard does not cover a dot"},
    {"xn--a*.example.com", "xn--abc.example.com", false, "no wildcard in an A-label"},
    {"x*.example.com", "xn--abc.example.com", false, "no A-label under a partial wildcard"},
    {"*.*.example.com", "a.b.example.com", false, "only one wildcard"},
    {"*.*", "a.b", false, "wildcards only"},
    {"a.*.example.com", "a.b.example.com", false, "the wildcard must be left-most"},
    {"example.*", "example.com", false, "no wildcard for a top-level domain"},
    {"*.com", "example.com", false, "two more labels are needed"},
    {"*.com", "com", false, "nothing to cover"},
    {"*", "example", false, "a bare star"},
    {"*", "example.com", false, "a bare star covers no dots"},
    {"*.co.uk", "example.co.uk", true, "public suffixes are not known here"},
    {"*..com", "a..com", false, "an empty label"},
    {"*.example.com.", "a.example.com", false, "a trailing dot after a wildcard"},
    {"*.-example.com", "a.-example.com", true, "odd parent, spelled the same"},
    {"*.example-.com", "a.example-.com", true, "odd parent, spelled the same"},
    {"*.ex_ample.com", "a.ex_ample.com", true, "underscore in the parent"},
    {"", "", false, "nothing is no name"},
    {"", "a.example", false, "an empty entry"},
    {"a.example", "", false, "an empty host"},
    {".example.com", "a.example.com", false, "a leading dot is no wildcard"},
    {".example.com", ".example.com", false, "nor a name"},
    {"a.example.com", ".example.com", false, "only OpenSSL knows such hosts"},
    {"a.b.example.com", ".example.com", false, "only OpenSSL knows such hosts"},
    {"192.0.2.1", "192.0.2.2", false, "other digits"},
    {" a.example", "a.example", false, "a space is part of the entry"},
    {"a.example ", "a.example", false, "a space at the end"},
    {"a.example\n", "a.example", false, "a line end"},
    {"http://a.example", "a.example", false, "a URL is not a name"},
    {"a.example:443", "a.example", false, "nor is a port"},
    {"*.a.b.c.d.example.com", "x.a.b.c.d.example.com", true, "many labels"},
    {"*.a.b.c.d.example.com", "x.y.b.c.d.example.com", false, "many labels, another one"},
    {"b\xC3\xBC"
     "cher.example",
     "b\xC3\xBC"
     "cher.example",
     true, "raw UTF-8, spelled the same"},
    {"*.b\xC3\xBC"
     "cher.example",
     "a.b\xC3\xBC"
     "cher.example",
     true, "raw UTF-8 in the parent"},
    {"a*", "abc", false, "a partial wildcard alone"},
    {"a*.com", "abc.com", false, "a partial wildcard needs two dots as well"},
    {"*a", "ba", false, "a star first"},
    {"www.*.com", "www.example.com", false, "a wildcard in the middle"},
    {"*-a.example.com", "b-a.example.com", false, "star then hyphen"},
    {"a-*.example.com", "a-b.example.com", false, "hyphen then star"},
});

TEST(HostName, ADnsNameMatchesByRfc9525) {
  for (const NameCase& c : kNameCases) {
    SCOPED_TRACE(fmt::format("'{}' against '{}': {}", c.pattern, c.host, c.why));
    EXPECT_EQ(dns_name_matches(c.pattern, c.host), c.matches);
  }
  EXPECT_GE(kNameCases.size(), 60U);
}

TEST(HostName, ANameWithAZeroOctetMatchesNothing) {
  using std::string_view_literals::operator""sv;
  EXPECT_FALSE(dns_name_matches("a.example\0.evil.test"sv, "a.example"));
  EXPECT_FALSE(dns_name_matches("a.example\0"sv, "a.example"));
  EXPECT_FALSE(openssl_name_matches("a.example\0"sv, "a.example\0"sv, PartialWildcards::Allowed));
}

// A certificate with one dNSName, or with that text as its only common name.
X509Pointer certificate_for(std::string_view dns, bool in_common_name) {
  X509Pointer certificate(X509_new(), &X509_free);
  if (in_common_name) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", V_ASN1_UTF8STRING,
                               reinterpret_cast<const unsigned char*>(dns.data()),
                               static_cast<int>(dns.size()), -1, 0);
    return certificate;
  }
  GENERAL_NAMES* const names = GENERAL_NAMES_new();
  GENERAL_NAME* const name = GENERAL_NAME_new();
  ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, dns.data(), static_cast<int>(dns.size()));
  GENERAL_NAME_set0_value(name, GEN_DNS, text);
  sk_GENERAL_NAME_push(names, name);
  X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
  GENERAL_NAMES_free(names);
  return certificate;
}

TEST(HostName, OpensslNameMatchesGivesWhatX509CheckHostGives) {
  struct Mode {
    PartialWildcards partial;
    unsigned int flags;
  };
  for (const Mode mode : {Mode{PartialWildcards::Allowed, 0U},
                          Mode{PartialWildcards::Refused, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS}}) {
    for (const NameCase& c : kNameCases) {
      if (c.host.empty()) {
        continue;  // X509_check_host takes length 0 as "look for the terminator"
      }
      SCOPED_TRACE(
          fmt::format("'{}' against '{}', flags {}: {}", c.pattern, c.host, mode.flags, c.why));
      const X509Pointer certificate = certificate_for(c.pattern, false);
      const bool expected = X509_check_host(certificate.get(), c.host.data(), c.host.size(),
                                            mode.flags, nullptr) == 1;
      EXPECT_EQ(openssl_name_matches(c.pattern, c.host, mode.partial), expected);
    }
  }
}

// Every place where the two rules differ, with its reason; a row that no longer differs fails.
TEST(HostName, OpensslDiffersFromRfc9525OnlyWhereListed) {
  constexpr auto kDifferences = std::to_array<NameCase>({
      {"a.example", "a.example.", true, "OpenSSL takes the host's trailing dot as part of it"},
      {"*.example.com", "a.example.com.", true, "the same under a wildcard"},
      {"a.example.", "a.example.", false, "and a certificate may spell the dot out"},
      {"*.example.com", "a_b.example.com", true, "a wildcard covers letters, digits, hyphens"},
      {"*.-example.com", "a.-example.com", true, "the parent must be a host name"},
      {"*.example-.com", "a.example-.com", true, "the parent must be a host name"},
      {"*.ex_ample.com", "a.ex_ample.com", true, "the parent must be a host name"},
      {"f*.example.com", "foo.example.com", false, "partial wildcards"},
      {"*o.example.com", "foo.example.com", false, "partial wildcards"},
      {"f*.example.com", "f.example.com", false, "a partial wildcard may cover nothing"},
      {"*-a.example.com", "b-a.example.com", false, "partial wildcards"},
      {".example.com", ".example.com", false, "hosts that begin with a dot"},
      {"a.example.com", ".example.com", false, "hosts that begin with a dot"},
      {"*.b\xC3\xBC"
       "cher.example",
       "a.b\xC3\xBC"
       "cher.example",
       true, "a wildcard's parent is ASCII"},
  });
  for (const NameCase& c : kDifferences) {
    SCOPED_TRACE(fmt::format("'{}' against '{}': {}", c.pattern, c.host, c.why));
    EXPECT_EQ(dns_name_matches(c.pattern, c.host), c.matches);
    EXPECT_EQ(openssl_name_matches(c.pattern, c.host, PartialWildcards::Allowed), !c.matches);
  }
}

CertificatePtr parsed(std::vector<std::string> dns, std::vector<Bytes> ip,
                      std::string common_name) {
  auto certificate = std::make_shared<Certificate>();
  if (!dns.empty() || !ip.empty()) {
    certificate->subject_alt_names.emplace();
    certificate->subject_alt_names->dns = std::move(dns);
    certificate->subject_alt_names->ip = std::move(ip);
  }
  if (!common_name.empty()) {
    certificate->subject.attributes.push_back(
        {.type = "CN", .value = std::move(common_name), .rdn = 0});
  }
  return certificate;
}

TEST(HostName, TheCommonNameCountsOnlyWithoutADnsNameAndOnlyWhereAllowed) {
  const NameRules strict;
  const NameRules old{.common_name = true};
  const CertificatePtr only_common = parsed({}, {}, "a.example");
  EXPECT_EQ(match_host(*only_common, "a.example", strict), NameMatch::None);
  EXPECT_EQ(match_host(*only_common, "a.example", old), NameMatch::CommonName);
  const CertificatePtr both = parsed({"b.example"}, {}, "a.example");
  EXPECT_EQ(match_host(*both, "a.example", old), NameMatch::None);
  EXPECT_EQ(match_host(*both, "b.example", old), NameMatch::AltName);
  const CertificatePtr address = parsed({}, {{192, 0, 2, 1}}, "a.example");
  EXPECT_EQ(match_host(*address, "a.example", old), NameMatch::CommonName)
      << "an iPAddress does not keep OpenSSL from the common name";
}

TEST(HostName, AnIpLiteralMatchesIpEntriesOnly) {
  const CertificatePtr certificate = parsed(
      {"192.0.2.1", "192.0.2.9"},
      {{192, 0, 2, 1}, {0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}, "192.0.2.7");
  const NameRules old{.common_name = true};
  EXPECT_EQ(match_host(*certificate, "192.0.2.1", old), NameMatch::AltName);
  EXPECT_EQ(match_host(*certificate, "2001:db8::1", old), NameMatch::AltName);
  EXPECT_EQ(match_host(*certificate, "[2001:DB8:0::1]", old), NameMatch::AltName);
  EXPECT_EQ(match_host(*certificate, "192.0.2.9", old), NameMatch::None) << "dNSName only";
  EXPECT_EQ(match_host(*certificate, "192.0.2.7", old), NameMatch::None) << "common name only";
  EXPECT_EQ(presented_names(*certificate).ip,
            (std::vector<std::string>{"192.0.2.1", "2001:db8::1"}));
}

TEST(HostName, AnIpLiteralIsFourOrSixteenOctets) {
  EXPECT_EQ(parse_ip_literal("192.0.2.1"), (Bytes{192, 0, 2, 1}));
  EXPECT_EQ(parse_ip_literal("[::1]").value_or(Bytes{}).size(), 16U);
  for (const std::string_view text : {"", "192.0.2", "192.0.2.256", "example.com", "[::1", "::g"}) {
    EXPECT_FALSE(parse_ip_literal(text).has_value()) << text;
  }
  EXPECT_EQ(ip_text({1, 2, 3}), "010203");
}

}  // namespace
}  // namespace medic::x509
