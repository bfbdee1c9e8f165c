// Programs and libraries of another system: ELF, PE, Mach-O.

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "binary/image.h"
#include "binary/traces.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const medic::ByteView bytes(data, size);
  const auto file = medic::binary::read(bytes);
  // The two readers agree on what has a header.
  const auto symbols = medic::binary::read_symbols(bytes);
  if (file && !file->images.empty()) {
    MEDIC_CHECK(symbols.has_value());
  }
  MEDIC_CHECK(!file || medic::binary::format_of(bytes) == file->format);
  medic::binary::find_tls_library(bytes);
  medic::binary::find_go_build(bytes);
  medic::binary::writable_segments(bytes);
  return 0;
}
