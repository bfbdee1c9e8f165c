#pragma once

// Does a certificate's name stand for a host? RFC 9525 section 6, and how OpenSSL differs from it:
//
//                                       RFC 9525 / dns_name_matches   X509_check_host, flags 0
//   partial wildcard "f*.example.com"   never                         matches "foo.example.com"
//   wildcard against "a_b.example.com"  yes                           no: letters, digits, hyphens
//   only
//   "*.example.com" against "*.example.com" yes                       yes
//   wildcard with odd characters after it ("*.ex_ample.com")  yes     no
//   host with a trailing dot            the dot does not count        the dot is part of the name
//   host ".example.com"                 no                            any name below example.com
//   common name                         never                         when the certificate has no
//   dNSName

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "x509/certificate.h"

namespace medic::x509 {

// `pattern` from a certificate, `host` as asked (A-labels, no trailing dot needed).
// Case-insensitive; a wildcard is the whole left-most label, covers one label, and needs two more
// after it.
bool dns_name_matches(std::string_view pattern, std::string_view host);

// What X509_check_host does with one name; Python and others switch partial wildcards off
// (X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS).
enum class PartialWildcards { Refused, Allowed };
bool openssl_name_matches(std::string_view pattern, std::string_view host,
                          PartialWildcards partial);

// 4 or 16 octets of an IP literal ("[::1]" or "::1"); none when it is a name. No zone.
std::optional<Bytes> parse_ip_literal(std::string_view text);
std::string ip_text(
    const Bytes& address);  // "192.0.2.1", "2001:db8::1"; hexadecimal for other lengths

// The names a certificate presents, as a person would compare them with the host.
struct PresentedNames {
  std::vector<std::string> dns;           // subjectAltName dNSName, in order
  std::vector<std::string> ip;            // subjectAltName iPAddress as text
  std::vector<std::string> common_names;  // of the subject, in order

  [[nodiscard]] bool has_alt_names() const { return !dns.empty() || !ip.empty(); }
};
PresentedNames presented_names(const Certificate& certificate);

// Where a match was found.
enum class NameMatch {
  None,
  AltName,
  CommonName,  // only where NameRules allow it
};
struct NameRules {
  bool common_name = false;  // look there when there is no dNSName
  bool openssl = false;      // openssl_name_matches instead of dns_name_matches
  PartialWildcards partial = PartialWildcards::Refused;
};
// `host` is a name or an IP literal; a literal is compared with iPAddress entries only.
NameMatch match_host(const Certificate& certificate, std::string_view host, const NameRules& rules);

}  // namespace medic::x509
