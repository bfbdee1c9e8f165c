// Revocation lists, DER or PEM.

#include "x509/crl.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lists = medic::x509::read_crls({data, size});
  if (lists) {
    for (const auto& list : *lists) {
      static_cast<void>(list->find(medic::Bytes{0x01}));
      static_cast<void>(list->find(list->authority_key_id));
    }
  }
  return 0;
}
