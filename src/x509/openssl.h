#pragma once

// What every use of OpenSSL in x509/ shares: owners and errors. Internal to x509/.

#include <openssl/err.h>

#include "base/handle.h"
#include "x509/library.h"

namespace medic::x509 {

// Errors that a failing call leaves in the thread's queue must not reach whoever looks there next.
class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ~ErrorMark() { ERR_pop_to_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
  ErrorMark(ErrorMark&&) = delete;
  ErrorMark& operator=(ErrorMark&&) = delete;
};

}  // namespace medic::x509
