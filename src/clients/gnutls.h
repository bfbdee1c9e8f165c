#pragma once

// GnuTLS as a program needs it: its version and the trust file that was compiled in.

#include <string>
#include <string_view>

#include "clients/client.h"
#include "clients/survey.h"

namespace medic::clients {

struct GnutlsBuild {
  std::string name = "GnuTLS";  // "GnuTLS 3.7.9"
  std::string trust_file;       // --with-default-trust-store-file; empty: p11-kit, or none
};

// `program` is the text of a program or library that needs libgnutls.
GnutlsBuild gnutls_build_of(const machine::Machine& machine, std::string_view program);

// gnutls_certificate_set_x509_system_trust(3). No variable is read.
void add_gnutls_defaults(Survey& survey, const GnutlsBuild& build, EffectiveTrust& trust);

}  // namespace medic::clients
