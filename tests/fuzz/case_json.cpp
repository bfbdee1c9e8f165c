// Evidence from a file that somebody sent (`diagnose --from`): what is read is written again to the
// same bytes, and those read back.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "evidence/case.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = medic::evidence::parse_case(medic::as_text({data, size}));
  if (!read) {
    return 0;
  }
  const std::string written = medic::evidence::case_json(*read);
  const auto again = medic::evidence::parse_case(written);
  MEDIC_CHECK(again.has_value());
  MEDIC_CHECK(medic::evidence::case_json(*again) == written);
  return 0;
}
