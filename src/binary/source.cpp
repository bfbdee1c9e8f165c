#include "binary/source.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace medic::binary {
namespace {

constexpr std::size_t kMaxString = 4096;

}  // namespace

std::uint64_t Source::number(std::uint64_t offset, unsigned count) {
  if (!has(offset, count)) {
    ok_ = false;
    return 0;
  }
  std::uint64_t value = 0;
  for (unsigned i = 0; i < count; ++i) {
    const unsigned shift = 8U * (big_ ? count - 1 - i : i);
    value |= static_cast<std::uint64_t>(bytes_[offset + i]) << shift;
  }
  return value;
}

std::string Source::string(std::uint64_t offset, std::uint64_t end) {
  end = std::min<std::uint64_t>(end, bytes_.size());
  if (offset >= end) {
    ok_ = false;
    return {};
  }
  const ByteView window = bytes_.subspan(offset, std::min<std::size_t>(end - offset, kMaxString));
  const auto zero = std::find(window.begin(), window.end(), std::uint8_t{0});
  if (zero == window.end()) {
    ok_ = false;
    return {};
  }
  return {window.begin(), zero};
}

}  // namespace medic::binary
