// The low-level calls are deprecated in OpenSSL 3 and several times faster on short input than a
// fetched EVP_MD.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "x509/digest.h"

#include <openssl/sha.h>

namespace medic::x509 {

Sha256 sha256(ByteView bytes) {
  Sha256 out{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(out.data(), &context);
  return out;
}

Sha1 sha1(ByteView bytes) {
  Sha1 out{};
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, bytes.data(), bytes.size());
  SHA1_Final(out.data(), &context);
  return out;
}

}  // namespace medic::x509
