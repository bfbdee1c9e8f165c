#include "explain/utf16.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace medic::explain {
namespace {

void append(std::uint32_t code, std::string& out) {
  const auto byte = [&](std::uint32_t value) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value)));
  };
  if (code < 0x80) {
    byte(code);
    return;
  }
  if (code < 0x800) {
    byte(0xc0U | (code >> 6U));
  } else {
    if (code < 0x10000) {
      byte(0xe0U | (code >> 12U));
    } else {
      byte(0xf0U | (code >> 18U));
      byte(0x80U | ((code >> 12U) & 0x3fU));
    }
    byte(0x80U | ((code >> 6U) & 0x3fU));
  }
  byte(0x80U | (code & 0x3fU));
}

constexpr std::uint32_t kReplacement = 0xfffd;

}  // namespace

std::optional<ByteOrder> utf16_order(std::string_view first_bytes) {
  if (first_bytes.starts_with("\xff\xfe")) {
    return ByteOrder::Little;
  }
  if (first_bytes.starts_with("\xfe\xff")) {
    return ByteOrder::Big;
  }
  const std::string_view sample = first_bytes.substr(0, 512);
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < sample.size(); ++i) {
    zeros[i % 2] += sample[i] == '\0' ? 1U : 0U;
  }
  // Half of the units hold ASCII, and none of them a zero in the other byte.
  const std::size_t half = sample.size() / 4;
  if (sample.size() < 16 || std::max(zeros[0], zeros[1]) < half ||
      std::min(zeros[0], zeros[1]) != 0) {
    return std::nullopt;
  }
  return zeros[1] > zeros[0] ? ByteOrder::Little : ByteOrder::Big;
}

void Utf16Decoder::add(std::uint32_t unit, std::string& out) {
  if (surrogate_) {
    const std::uint32_t high = *surrogate_;
    surrogate_.reset();
    if (unit >= 0xdc00 && unit < 0xe000) {
      append(0x10000 + ((high - 0xd800) << 10U) + (unit - 0xdc00), out);
      return;
    }
    append(kReplacement, out);
  }
  if (unit >= 0xd800 && unit < 0xdc00) {
    surrogate_ = unit;
  } else if (unit >= 0xdc00 && unit < 0xe000) {
    append(kReplacement, out);
  } else {
    append(unit, out);
  }
}

std::string Utf16Decoder::utf8(std::string_view bytes, ByteOrder order) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!half_) {
      half_ = byte;
      continue;
    }
    const std::uint32_t first = *half_;
    half_.reset();
    add(order == ByteOrder::Little ? first | (static_cast<std::uint32_t>(byte) << 8U)
                                   : (first << 8U) | byte,
        out);
  }
  return out;
}

}  // namespace medic::explain
