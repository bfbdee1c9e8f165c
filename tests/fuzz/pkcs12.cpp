// Client identities: PKCS#12 and private keys, with the passphrase of the seeds.

#include <cstddef>
#include <cstdint>

#include "x509/identity.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const medic::ByteView bytes(data, size);
  const auto identity = medic::x509::read_pkcs12(bytes, "secret");
  const auto key = medic::x509::read_private_key(bytes, "secret");
  if (key) {
    // Not every key that can be read can be written as a SubjectPublicKeyInfo; it must only not
    // crash.
    const auto half = medic::x509::public_half(key->view());
    static_cast<void>(half);
  }
  return 0;
}
