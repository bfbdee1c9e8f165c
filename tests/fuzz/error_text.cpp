// Anything pasted, piped or logged.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "explain/explain.h"
#include "explain/matcher.h"
#include "explain/scanner.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const medic::explain::Matcher matcher = *medic::explain::Matcher::builtin();
  std::string_view rest = medic::as_text({data, size});
  static_cast<void>(medic::explain::explain_text(matcher, rest));
  medic::explain::Scanner scanner(matcher);
  while (!rest.empty()) {
    const std::string_view piece = rest.substr(0, 997);
    MEDIC_CHECK(scanner.feed(piece).has_value());
    rest.remove_prefix(piece.size());
  }
  MEDIC_CHECK(scanner.finish().has_value());
  return 0;
}
