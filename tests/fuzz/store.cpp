// Trust stores of every kind: JKS, PKCS#12, NSS, registry exports, p11-kit, PEM and what claims to
// be one of them.

#include "trust/store.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "trust/dating.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  medic::trust::Store store = medic::trust::read_store({data, size}, "fuzz");
  medic::trust::check_anchors(store, medic::Time{});
  const medic::trust::Dating dating = medic::trust::date_anchors(store.anchors);
  MEDIC_CHECK(dating.local.size() <= store.anchors.size());
  MEDIC_CHECK(store.problems.size() <= medic::trust::Store::kMaxProblems);
  return 0;
}
