#pragma once

// Object identifiers as content octets (X.690 section 8.19), compared without being decoded.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace medic::x509 {

// An OID written in code: kOid = make_oid({2, 5, 29, 19}).
struct Oid {
  std::array<std::uint8_t, 12> octets{};
  std::uint8_t size = 0;

  [[nodiscard]] constexpr bool operator==(ByteView other) const {
    return other.size() == size && std::equal(other.begin(), other.end(), octets.begin());
  }
  [[nodiscard]] ByteView view() const { return {octets.data(), size}; }
};

template <std::size_t N>
consteval Oid make_oid(const std::uint32_t (&arcs)[N]) {
  static_assert(N >= 2);
  Oid oid;
  const auto append = [&oid](std::uint32_t arc) {
    std::uint8_t groups = 1;
    while ((arc >> (7U * groups)) != 0) {
      ++groups;
    }
    while (groups-- > 0) {
      const auto bits = static_cast<std::uint8_t>((arc >> (7U * groups)) & 0x7FU);
      oid.octets[oid.size++] = groups == 0 ? bits : static_cast<std::uint8_t>(bits | 0x80U);
    }
  };
  append(arcs[0] * 40 + arcs[1]);
  for (std::size_t i = 2; i < N; ++i) {
    append(arcs[i]);
  }
  return oid;
}

// "2.5.29.19". An arc of more than 64 bits, or more than 32 octets, make the whole text "0x" and
// the octets in hexadecimal.
std::string dotted(ByteView oid);

}  // namespace medic::x509
