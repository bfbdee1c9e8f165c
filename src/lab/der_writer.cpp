#include "lab/der_writer.h"

#include <fmt/core.h>

#include <charconv>
#include <chrono>
#include <string>

#include "base/check.h"

namespace medic::lab::der {
namespace {

void append_length(Bytes& to, std::size_t length) {
  if (length < 0x80) {
    to.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  unsigned octets = 1;
  while (octets < sizeof(length) && (length >> (8U * octets)) != 0) {
    ++octets;
  }
  to.push_back(static_cast<std::uint8_t>(0x80U | octets));
  for (unsigned i = octets; i > 0; --i) {
    to.push_back(static_cast<std::uint8_t>((length >> (8U * (i - 1))) & 0xFFU));
  }
}

void append_arc(Bytes& to, std::uint64_t arc) {
  unsigned groups = 1;
  while (groups < 9 && (arc >> (7U * groups)) != 0) {
    ++groups;
  }
  for (unsigned i = groups; i > 0; --i) {
    const auto bits = static_cast<std::uint8_t>((arc >> (7U * (i - 1))) & 0x7FU);
    to.push_back(i > 1 ? static_cast<std::uint8_t>(bits | 0x80U) : bits);
  }
}

struct CivilTime {
  int year = 0;
  std::string rest;  // MMDDHHMMSSZ
};

CivilTime civil(Time at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(at - day);
  return {.year = static_cast<int>(date.year()),
          .rest = fmt::format("{:02}{:02}{:02}{:02}{:02}Z", static_cast<unsigned>(date.month()),
                              static_cast<unsigned>(date.day()), clock.hours().count(),
                              clock.minutes().count(), clock.seconds().count())};
}

}  // namespace

void append(Bytes& to, ByteView more) {
  to.insert(to.end(), more.begin(), more.end());
}

Bytes tlv(std::uint8_t tag, ByteView content) {
  Bytes out;
  out.reserve(content.size() + 6);
  out.push_back(tag);
  append_length(out, content.size());
  append(out, content);
  return out;
}

Bytes tlv(std::uint8_t tag, std::string_view content) {
  return tlv(tag, as_bytes(content));
}

Bytes tlv(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (const ByteView part : parts) {
    size += part.size();
  }
  Bytes out;
  out.reserve(size + 6);
  out.push_back(tag);
  append_length(out, size);
  for (const ByteView part : parts) {
    append(out, part);
  }
  return out;
}

Bytes sequence(std::initializer_list<ByteView> parts) {
  return tlv(kSequence, parts);
}

Bytes boolean(bool value) {
  return {kBoolean, 1, value ? std::uint8_t{0xFF} : std::uint8_t{0x00}};
}

Bytes integer(std::uint64_t value) {
  Bytes content;
  for (unsigned i = 8; i > 0; --i) {
    const auto octet = static_cast<std::uint8_t>((value >> (8U * (i - 1))) & 0xFFU);
    if (content.empty() && octet == 0 && i > 1) {
      continue;
    }
    if (content.empty() && (octet & 0x80U) != 0) {
      content.push_back(0);
    }
    content.push_back(octet);
  }
  return tlv(kInteger, content);
}

Bytes oid(std::string_view dotted) {
  Bytes content;
  std::uint64_t first = 0;
  std::size_t index = 0;
  while (!dotted.empty()) {
    std::uint64_t arc = 0;
    const auto parsed = std::from_chars(dotted.data(), dotted.data() + dotted.size(), arc);
    MEDIC_CHECK(parsed.ec == std::errc{});
    dotted.remove_prefix(static_cast<std::size_t>(parsed.ptr - dotted.data()));
    if (!dotted.empty()) {
      MEDIC_CHECK(dotted.front() == '.' && dotted.size() > 1);
      dotted.remove_prefix(1);
    }
    if (index == 0) {
      first = arc;
    } else {
      append_arc(content, index == 1 ? first * 40 + arc : arc);
    }
    ++index;
  }
  MEDIC_CHECK(index >= 2);
  return tlv(kOid, content);
}

Bytes octet_string(ByteView content) {
  return tlv(kOctetString, content);
}

Bytes bit_string(ByteView content) {
  static constexpr std::uint8_t kNoUnusedBits = 0;
  return tlv(kBitString, {ByteView(&kNoUnusedBits, 1), content});
}

Bytes named_bits(std::uint16_t bits) {
  Bytes content(3, 0);
  unsigned used = 0;
  for (unsigned i = 0; i < 16; ++i) {
    if (((static_cast<unsigned>(bits) >> i) & 1U) != 0) {
      content[1 + i / 8] = static_cast<std::uint8_t>(content[1 + i / 8] | (0x80U >> (i % 8)));
      used = i + 1;
    }
  }
  content.resize(1 + (used + 7) / 8);
  content[0] = static_cast<std::uint8_t>((8 - used % 8) % 8);
  return tlv(kBitString, content);
}

Bytes time(Time at) {
  const CivilTime t = civil(at);
  if (t.year >= 1950 && t.year < 2050) {
    return tlv(kUtcTime, fmt::format("{:02}{}", t.year % 100, t.rest));
  }
  return tlv(kGeneralizedTime, fmt::format("{:04}{}", t.year, t.rest));
}

Bytes generalized_time(Time at) {
  const CivilTime t = civil(at);
  return tlv(kGeneralizedTime, fmt::format("{:04}{}", t.year, t.rest));
}

}  // namespace medic::lab::der
