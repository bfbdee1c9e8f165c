#pragma once

// A distinguished name (RFC 5280 section 4.1.2.4): its bytes, its parsed attributes and the
// canonical form by which issuer and subject are compared.

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace medic::x509 {

struct Attribute {
  std::string type;   // "CN", "O", "OU", "C", "ST", "L", "DC", "emailAddress", else the dotted OID
  std::string value;  // UTF-8, converted from the string type; escape before showing
  std::uint32_t rdn = 0;  // attributes of one multi-valued RDN share this index
};

struct Name {
  Bytes der;  // the SEQUENCE, as found
  // OpenSSL's canonical encoding (crypto/x509/x_name.c: case folded, space collapsed UTF8String):
  // two names are equal when these are.
  Bytes canonical;
  std::vector<Attribute> attributes;

  [[nodiscard]] bool empty() const { return attributes.empty(); }
  // The first value of an attribute, or empty.
  [[nodiscard]] std::string first(std::string_view type) const;
  // RFC 4514 order as OpenSSL's -nameopt RFC2253 does not: "CN=a, O=b" most specific first; not
  // escaped.
  [[nodiscard]] std::string text() const;
  // What a person calls it: CN, else O, else text().
  [[nodiscard]] std::string display() const;
};

Result<Name> parse_name(ByteView der);

}  // namespace medic::x509
