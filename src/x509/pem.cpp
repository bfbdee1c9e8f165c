#include "x509/pem.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace medic::x509 {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";

constexpr std::uint8_t kSkip = 0xFE;  // white space
constexpr std::uint8_t kBad = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(kBad);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  for (const char c : {' ', '\t', '\r', '\n'}) {
    values[static_cast<std::uint8_t>(c)] = kSkip;
  }
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = make_values();

std::uint8_t value_of(char c) {
  return kValues[static_cast<std::uint8_t>(c)];
}

struct Decoded {
  bool good = false;
  std::size_t bad_at = 0;
};

void append_group(Bytes& out, std::uint32_t group, std::size_t octets) {
  for (std::size_t i = 0; i < octets; ++i) {
    out.push_back(static_cast<std::uint8_t>(group >> (16U - 8U * i)));
  }
}

// Whole groups of four digits, as long as nothing else stands between them; the position after
// them. Stops with the group that reaches `limit`.
std::size_t decode_run(std::string_view text, std::size_t at, std::size_t limit, Bytes& out) {
  std::size_t size = out.size();
  if (size >= limit) {
    return at;
  }
  // Room is made for a line or two: made for all that is left, it would be cleared at every line.
  constexpr std::size_t kMostGroups = 32;
  const std::size_t groups =
      std::min({(text.size() - at) / 4, (limit - size + 2) / 3, kMostGroups});
  out.resize(size + 3 * groups);
  for (std::size_t i = 0; i < groups; ++i, at += 4, size += 3) {
    const std::uint32_t a = value_of(text[at]);
    const std::uint32_t b = value_of(text[at + 1]);
    const std::uint32_t c = value_of(text[at + 2]);
    const std::uint32_t d = value_of(text[at + 3]);
    if ((a | b | c | d) >= 64) {
      break;
    }
    out[size] = static_cast<std::uint8_t>((a << 2U) | (b >> 4U));
    out[size + 1] = static_cast<std::uint8_t>((b << 4U) | (c >> 2U));
    out[size + 2] = static_cast<std::uint8_t>((c << 6U) | d);
  }
  out.resize(size);
  return at;
}

Decoded decode(std::string_view text, std::size_t limit, Bytes& out) {
  std::uint32_t group = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  std::size_t at = 0;
  out.reserve(std::min(limit, text.size() / 4 * 3) + 3);
  while (at < text.size() && out.size() < limit) {
    const char c = text[at];
    const std::uint8_t value = value_of(c);
    if (value == kSkip) {
      ++at;
      continue;
    }
    if (c == '=' && digits >= 2 && digits + padding < 4) {
      ++padding;
    } else if (value == kBad || padding > 0) {
      return {.good = false, .bad_at = at};
    } else if (const std::size_t after = digits == 0 ? decode_run(text, at, limit, out) : at;
               after != at) {
      at = after;
      continue;
    } else {
      group = (group << 6U) | value;
      ++digits;
    }
    ++at;
    if (digits + padding == 4 && digits > 0) {
      append_group(out, group << (6U * padding), 3 - padding);
      group = 0;
      digits = 0;  // padding stays: only white space may follow
    }
  }
  const bool whole = digits == 0 || out.size() >= limit;
  return {.good = whole, .bad_at = at};
}

// Skips RFC 1421 headers ("Proc-Type: ..."), which end at an empty line.
std::string_view without_headers(std::string_view body) {
  if (body.find(':') == std::string_view::npos) {
    return body;
  }
  for (const std::string_view blank : {std::string_view("\n\n"), std::string_view("\n\r\n")}) {
    const std::size_t at = body.find(blank);
    if (at != std::string_view::npos) {
      return body.substr(at + blank.size());
    }
  }
  return body;
}

bool starts_line(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r';
}

}  // namespace

std::optional<PemBlock> PemScanner::next() {
  for (;;) {
    const std::size_t begin = text_.find(kBegin, at_);
    if (begin == std::string_view::npos) {
      at_ = text_.size();
      return std::nullopt;
    }
    const std::size_t label_at = begin + kBegin.size();
    const std::size_t label_end = text_.find_first_of("-\r\n", label_at);
    if (label_end == std::string_view::npos || !text_.substr(label_end).starts_with(kDashes)) {
      at_ = label_at;
      continue;  // "-----BEGIN" in running text
    }
    PemBlock block;
    block.label = text_.substr(label_at, label_end - label_at);
    block.offset = begin;
    block.at_line_start = starts_line(text_, begin);
    const std::size_t body_at = label_end + kDashes.size();
    const std::size_t stop = text_.find(kDashes, body_at);
    block.body = text_.substr(body_at, stop == std::string_view::npos ? stop : stop - body_at);
    const std::string_view tail =
        stop == std::string_view::npos ? std::string_view{} : text_.substr(stop);
    block.ended = tail.starts_with(kEnd) && tail.substr(kEnd.size()).starts_with(block.label) &&
                  tail.substr(kEnd.size() + block.label.size()).starts_with(kDashes);
    if (stop == std::string_view::npos) {
      at_ = text_.size();
    } else {
      // Past an END line, but not past a BEGIN line.
      at_ = tail.starts_with(kBegin) ? stop : stop + kDashes.size();
    }
    return block;
  }
}

std::size_t line_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  // Lone carriage returns end lines only in files that have no other line ends.
  const auto returns = lines == 0 && text.find('\n') == std::string_view::npos
                           ? std::count(before.begin(), before.end(), '\r')
                           : 0;
  return static_cast<std::size_t>(lines + returns) + 1;
}

Result<Bytes> decode_pem_body(std::string_view body) {
  const std::string_view text = without_headers(body);
  Bytes out;
  const Decoded decoded = decode(text, text.size() + 4, out);
  if (!decoded.good) {
    const std::string_view rest = text.substr(decoded.bad_at);
    return fail(ErrorKind::Data, rest.empty()
                                     ? std::string("base64 ends in the middle of a group")
                                     : fmt::format("not base64 at offset {}: '{}'",
                                                   decoded.bad_at + (body.size() - text.size()),
                                                   escaped(rest.substr(0, 32), 32)));
  }
  return out;
}

bool decode_base64_prefix(std::string_view body, std::size_t limit, Bytes& out) {
  out.clear();
  return decode(without_headers(body), limit == 0 ? body.size() + 4 : limit, out).good;
}

std::string pem_block(std::string_view label, ByteView der) {
  constexpr std::size_t kColumns = 64;  // RFC 7468 section 2
  const std::string text = base64(der);
  std::string out = fmt::format("-----BEGIN {}-----\n", label);
  for (std::size_t i = 0; i < text.size(); i += kColumns) {
    out += text.substr(i, kColumns);
    out += '\n';
  }
  out += fmt::format("-----END {}-----\n", label);
  return out;
}

}  // namespace medic::x509
