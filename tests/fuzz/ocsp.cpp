// OCSP responses.

#include "x509/ocsp.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto response = medic::x509::parse_ocsp_response({data, size});
  if (response) {
    for (const auto& certificate : (*response)->certificates) {
      static_cast<void>((*response)->about(*certificate, *certificate));
      medic::x509::check_ocsp_signature(**response, *certificate);
    }
  }
  return 0;
}
