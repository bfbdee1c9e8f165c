// A root put into a store of others and taken out again. Octet 0 chooses which.

#include "trust/store_edit.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "trust/anchors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  static const medic::x509::CertificatePtr kRoot =
      medic::trust::mozilla_anchors()->all().front().certificate;
  const std::string bytes(medic::as_text({data + 1, size - 1}));
  const medic::trust::EditOptions options;
  if (data[0] % 2 == 0) {
    const auto with = medic::trust::with_root(bytes, *kRoot, options);
    if (with) {
      const auto without = medic::trust::without_root(*with, kRoot->fingerprint, options);
      MEDIC_CHECK(!without || *without != *with);
    }
    return 0;
  }
  const auto without = medic::trust::without_root(bytes, kRoot->fingerprint, options);
  MEDIC_CHECK(!without || without->size() <= bytes.size() + 4096);
  return 0;
}
