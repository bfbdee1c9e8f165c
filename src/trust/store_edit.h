#pragma once

// One root in or out of a store file, in memory: a PEM bundle, a JKS or JCEKS keystore, a PKCS#12
// trust store. Everything else stays as it is: PEM and JKS byte for byte; a PKCS#12 file is written
// anew from its certificates and their aliases, and only where it holds nothing else. What cannot
// be edited so is an Error that says why.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"
#include "x509/certificate.h"

namespace medic::trust {

struct EditOptions {
  Time at{};                              // when a keystore's entry is made
  std::optional<std::string> password{};  // tried before those that keystores come with
};

// Unchanged when the store trusts it already.
Result<std::string> with_root(const std::string& bytes, const x509::Certificate& root,
                              const EditOptions& options);
// Unchanged when it is not there.
Result<std::string> without_root(const std::string& bytes, const Sha256& fingerprint,
                                 const EditOptions& options);

// The keystore formats of the two; internal to trust/.
Result<std::string> jks_with(const std::string& bytes, const x509::Certificate& root,
                             const EditOptions& options);
Result<std::string> jks_without(const std::string& bytes, const Sha256& fingerprint,
                                const EditOptions& options);

}  // namespace medic::trust
