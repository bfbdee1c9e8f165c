#pragma once

// X509_verify_cert() of OpenSSL 3.0, told again over our facts: the same chain, the same checks in
// the same order, going on after each error, so that the first entry is what a client prints and
// the rest is what it would print next. tests/verify runs it against the real one, error for error.

#include "verify/inputs.h"

namespace medic::verify {

FoundPath openssl_path(const Inputs& inputs);

}  // namespace medic::verify
