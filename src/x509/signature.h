#pragma once

// One signature edge: is `child` signed by the key of `issuer`? The only place of x509/ that calls
// OpenSSL's public-key code. Pure and thread-safe; memoising is the caller's (verify/).

#include "x509/certificate.h"

namespace medic::x509 {

enum class SignatureCheck {
  Good,
  Bad,          // the numbers do not fit
  Unsupported,  // we cannot check this algorithm or key
};

SignatureCheck check_signature(const Certificate& child, const PublicKey& issuer_key);

}  // namespace medic::x509
