#include "x509/library.h"

#include <openssl/crypto.h>
#include <openssl/provider.h>

namespace medic::x509 {

void leave_openssl_to_the_exit() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

OSSL_LIB_CTX* own_context() {
  static OSSL_LIB_CTX* const the_context = [] {
    OSSL_LIB_CTX* const made = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(made, "default");
    return made;
  }();
  return the_context;
}

}  // namespace medic::x509
