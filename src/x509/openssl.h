#pragma once

// Owning handles of OpenSSL's types, and the library context that our checks run in. Internal to
// x509/.

#include <openssl/err.h>
#include <openssl/types.h>

#include <memory>

namespace medic::x509 {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
template <class T, auto Free>
using Handle = std::unique_ptr<T, Freed<Free>>;

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

// A context of our own with the default provider: no openssl.cnf, security level or FIPS setting of
// this machine reaches it. Made once, lives until the process ends.
OSSL_LIB_CTX* own_context();

}  // namespace medic::x509
