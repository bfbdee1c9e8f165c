#include "target/ip_address.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace medic::target {
namespace {

std::optional<unsigned> decimal_octet(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value <= 255 ? std::optional(value) : std::nullopt;
}

bool parse_v4(std::string_view text, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) {
      return false;
    }
    const auto octet = decimal_octet(text.substr(0, dot));
    if (!octet) {
      return false;
    }
    out[i] = static_cast<std::uint8_t>(*octet);
    text = i == 3 ? std::string_view{} : text.substr(dot + 1);
  }
  return true;
}

std::optional<unsigned> hex_group(std::string_view text) {
  if (text.empty() || text.size() > 4) {
    return std::nullopt;
  }
  unsigned value = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    const char lower = static_cast<char>(c | 0x20);
    if (!digit && (lower < 'a' || lower > 'f')) {
      return std::nullopt;
    }
    value = value * 16 + static_cast<unsigned>(digit ? c - '0' : lower - 'a' + 10);
  }
  return value;
}

enum class Tail { HexOnly, MayEndInIpv4 };

// The octets of "a:b:c" or "a:b:1.2.3.4"; none when malformed or longer than 16.
std::optional<std::vector<std::uint8_t>> groups(std::string_view text, Tail tail) {
  std::vector<std::uint8_t> out;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (tail == Tail::MayEndInIpv4 && colon == std::string_view::npos &&
        part.find('.') != std::string_view::npos) {
      std::array<std::uint8_t, 4> v4{};
      if (!parse_v4(part, v4)) {
        return std::nullopt;
      }
      out.insert(out.end(), v4.begin(), v4.end());
    } else {
      const auto group = hex_group(part);
      if (!group) {
        return std::nullopt;
      }
      out.push_back(static_cast<std::uint8_t>(*group >> 8U));
      out.push_back(static_cast<std::uint8_t>(*group & 0xFFU));
    }
    if (out.size() > 16) {
      return std::nullopt;
    }
    if (colon == std::string_view::npos) {
      break;
    }
    text.remove_prefix(colon + 1);
    if (text.empty()) {
      return std::nullopt;  // a lone colon at the end
    }
  }
  return out;
}

bool parse_v6(std::string_view text, std::array<std::uint8_t, 16>& out) {
  const std::size_t gap = text.find("::");
  const bool whole = gap == std::string_view::npos;
  const auto head = groups(text.substr(0, gap), whole ? Tail::MayEndInIpv4 : Tail::HexOnly);
  if (!head) {
    return false;
  }
  if (whole) {
    if (head->size() != out.size()) {
      return false;
    }
    std::copy(head->begin(), head->end(), out.begin());
    return true;
  }
  const auto tail = groups(text.substr(gap + 2), Tail::MayEndInIpv4);
  // "::" stands for at least one group of zeros.
  if (!tail || head->size() + tail->size() > 14 || text.find("::", gap + 1) != text.npos) {
    return false;
  }
  std::copy(head->begin(), head->end(), out.begin());
  std::copy(tail->rbegin(), tail->rend(), out.rbegin());
  return true;
}

bool is_private_v4(std::uint8_t a, std::uint8_t b) {
  return a == 0 || a == 10 || a == 127 || (a == 100 && (b & 0xC0U) == 64) ||
         (a == 169 && b == 254) || (a == 172 && (b & 0xF0U) == 16) || (a == 192 && b == 168) ||
         (a == 198 && (b & 0xFEU) == 18) || a >= 224;
}

std::string v6_text(const std::array<std::uint8_t, 16>& octets) {
  std::array<unsigned, 8> group{};
  for (std::size_t i = 0; i < 8; ++i) {
    group[i] = static_cast<unsigned>(octets[2 * i]) << 8U | octets[2 * i + 1];
  }
  // RFC 5952 section 4.2: the longest run of at least two zero groups, the first of equals.
  std::size_t best = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && group[i + length] == 0) {
      ++length;
    }
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') {
      out += ':';
    }
    out += fmt::format("{:x}", group[i]);
  }
  return out;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  IpAddress address;
  if (text.find(':') == std::string_view::npos) {
    return parse_v4(text, address.octets) ? std::optional(address) : std::nullopt;
  }
  address.v6 = true;
  if (const std::size_t percent = text.find('%'); percent != std::string_view::npos) {
    address.zone = text.substr(percent + 1);
    text = text.substr(0, percent);
    const bool plain = std::all_of(address.zone.begin(), address.zone.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
             c == '.' || c == '-' || c == '_';
    });
    if (address.zone.empty() || address.zone.size() > 32 || !plain) {
      return std::nullopt;
    }
  }
  return parse_v6(text, address.octets) ? std::optional(address) : std::nullopt;
}

std::string ip_text(const IpAddress& address) {
  const auto& o = address.octets;
  if (!address.v6) {
    return fmt::format("{}.{}.{}.{}", o[0], o[1], o[2], o[3]);
  }
  std::string text;
  // RFC 5952 section 5: a mapped IPv4 address keeps its dotted form.
  static constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::equal(kMapped.begin(), kMapped.end(), o.begin())) {
    text = fmt::format("::ffff:{}.{}.{}.{}", o[12], o[13], o[14], o[15]);
  } else {
    text = v6_text(o);
  }
  return address.zone.empty() ? text : text + "%" + address.zone;
}

bool is_private(const IpAddress& address) {
  const auto& o = address.octets;
  if (!address.v6) {
    return is_private_v4(o[0], o[1]);
  }
  const bool low_96_zero = std::all_of(o.begin(), o.begin() + 10, [](auto b) { return b == 0; });
  if (low_96_zero && ((o[10] == 0xFF && o[11] == 0xFF) || (o[10] == 0 && o[11] == 0))) {
    // ::, ::1, the deprecated IPv4-compatible form, and IPv4-mapped.
    return (o[10] == 0 && o[12] == 0 && o[13] == 0) || is_private_v4(o[12], o[13]);
  }
  if (o[0] == 0x00 && o[1] == 0x64 && o[2] == 0xFF && o[3] == 0x9B) {  // RFC 6052, RFC 8215 NAT64
    return o[5] == 1 || is_private_v4(o[12], o[13]);
  }
  if (o[0] == 0x20 && o[1] == 0x02) {  // RFC 3056 6to4
    return is_private_v4(o[2], o[3]);
  }
  return (o[0] & 0xFEU) == 0xFC || (o[0] == 0xFE && (o[1] & 0x80U) == 0x80) || o[0] == 0xFF;
}

bool in_prefix(const IpAddress& address, const IpAddress& network, unsigned bits) {
  const unsigned width = address.v6 ? 128 : 32;
  if (address.v6 != network.v6 || bits > width) {
    return false;
  }
  for (unsigned i = 0; i < bits; ++i) {
    const unsigned mask = 0x80U >> (i % 8);
    if (((address.octets[i / 8] ^ network.octets[i / 8]) & mask) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace medic::target
