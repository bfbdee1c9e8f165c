#pragma once

// Does a certificate's name stand for a host? RFC 9525 section 6, and how clients differ from it.

#include <string_view>

#include "x509/certificate.h"

namespace medic::x509 {

// `pattern` from a certificate, `host` as asked (A-labels, no trailing dot needed).
// Case-insensitive; a wildcard is the whole left-most label, covers one label, and needs two more
// after it.
bool dns_name_matches(std::string_view pattern, std::string_view host);

}  // namespace medic::x509
