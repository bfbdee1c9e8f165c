#pragma once

// The ASN.1 string types of names (X.680 clause 41), as OpenSSL reads them. Internal to x509/.

#include <cstdint>
#include <optional>
#include <string>

#include "x509/der.h"

namespace medic::x509 {

// How OpenSSL's X509_NAME treats an attribute value (crypto/x509/x_name.c, x509name_canon; the
// types are those of B_ASN1_PRINTABLE, the folded ones those of ASN1_MASK_CANON).
enum class ValueKind {
  Folded,   // converted to UTF-8 and folded for comparison
  Kept,     // compared as it is
  Refused,  // d2i_X509_NAME fails
};
ValueKind value_kind(std::uint8_t tag);

// The value as UTF-8; none when the octets are not what the string type says. TeletexString is read
// as Latin-1, as OpenSSL does (so do GnuTLS and Go).
std::optional<std::string> utf8_value(const der::Element& value);

}  // namespace medic::x509
