#pragma once

// RFC 5280 section 4.2.1.10, read as OpenSSL 3.0 reads it (crypto/x509/v3_ncons.c); where the other
// engines differ is written in tests/verify/divergences.toml.

#include <cstdint>
#include <string>

#include "x509/certificate.h"

namespace medic::verify {

enum class ConstraintVerdict {
  Allowed,
  NotPermitted,
  Excluded,
  UnsupportedName,        // a name of a form that cannot be compared
  UnsupportedConstraint,  // a constraint of a form that nobody processes, for a name of that form
  TooMuchWork,            // names x constraints over the bound
};

struct ConstraintResult {
  ConstraintVerdict verdict = ConstraintVerdict::Allowed;
  std::string name;  // the name it is about, as text; not escaped
};

// Names x constraints compared for one pair of certificates at most; OpenSSL's NAME_CHECK_MAX.
inline constexpr std::uint64_t kMaxConstraintWork = 1U << 20U;

// The subject (when it is not empty), its e-mail addresses and every subjectAltName of
// `certificate`.
ConstraintResult check_constraints(const x509::Certificate& certificate,
                                   const x509::NameConstraints& constraints);
// The common names of the subject that look like DNS names.
ConstraintResult check_common_name_constraints(const x509::Certificate& certificate,
                                               const x509::NameConstraints& constraints);

}  // namespace medic::verify
