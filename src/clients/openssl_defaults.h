#pragma once

// The CA file and directory that a build of OpenSSL reads when nobody tells it otherwise, and what
// SSL_CERT_FILE and SSL_CERT_DIR make of them: shared by every client of OpenSSL's family.

#include <optional>
#include <string>
#include <vector>

#include "clients/client.h"
#include "clients/survey.h"

namespace medic::clients {

// What is compiled into one libcrypto.
struct OpensslBuild {
  std::string library;    // the file it was read from; empty: by the layout of the system
  std::string version;    // "OpenSSL 3.0.15 3 Sep 2024"; empty: not known
  std::string directory;  // OPENSSLDIR: "/usr/lib/ssl"
};

// The text of a libcrypto, or of a program that has one inside. None when there is no OPENSSLDIR.
std::optional<OpensslBuild> openssl_build_of(const machine::Machine& machine,
                                             const std::string& library);
// The system's own libcrypto, newest first, else what the layout says.
OpensslBuild system_openssl(const machine::Machine& machine);

// SSL_CTX_set_default_verify_paths(3): the file of SSL_CERT_FILE if set, else OPENSSLDIR/cert.pem;
// the directories of SSL_CERT_DIR if set, else OPENSSLDIR/certs; what cannot be read is skipped
// silently. Adds the four rules to the trace and the usable parts.
void add_openssl_defaults(Survey& survey, const OpensslBuild& build, EffectiveTrust& trust);

}  // namespace medic::clients
