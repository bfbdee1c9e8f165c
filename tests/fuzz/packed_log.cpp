// Compressed and UTF-16 logs.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "explain/log_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMost = std::size_t{4} << 20U;  // a small input may unpack to very much
  std::string_view rest = medic::as_text({data, size});
  medic::explain::LogSource source([&](std::span<char> room) -> medic::Result<std::size_t> {
    const std::size_t n = rest.copy(room.data(), std::min<std::size_t>(room.size(), 100));
    rest.remove_prefix(n);
    return n;
  });
  std::size_t total = 0;
  while (total < kMost) {
    const auto piece = source.next();
    if (!piece || piece->empty()) {
      break;
    }
    total += piece->size();
  }
  return 0;
}
