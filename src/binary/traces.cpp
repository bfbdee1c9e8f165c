#include "binary/traces.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "binary/source.h"

namespace medic::binary {
namespace {

constexpr std::size_t kMaxText = 200;
constexpr std::string_view kDigits = "0123456789";

// From `at` to the first octet that ends a compiled-in text.
std::string_view text_at(std::string_view all, std::size_t at) {
  const std::string_view window = all.substr(at, kMaxText);
  const auto end = std::ranges::find_if(window, [](char c) { return c < ' ' || c > '~'; });
  return window.substr(0, static_cast<std::size_t>(end - window.begin()));
}

// "11 Feb 2025", "1 Aug 2023 (Library: …)"; development builds begin with "xx ".
bool looks_like_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.starts_with("xx ")) {
    return true;
  }
  const std::size_t space = text.find(' ');
  if (space == 0 || space > 2 || text.size() < space + 9 || text[space + 4] != ' ') {
    return false;
  }
  return std::ranges::find(kMonths, text.substr(space + 1, 3)) != kMonths.end();
}

std::optional<TlsLibrary> openssl_at(std::string_view text) {
  text = text.substr(std::string_view("OpenSSL ").size());
  const std::size_t version_end = std::min(text.find(' '), text.size());
  const std::string_view version = text.substr(0, version_end);
  // 1.1.1 wrote two spaces before the date.
  const std::string_view rest =
      text.substr(std::min(text.find_first_not_of(' ', version_end), text.size()));
  if (version.find('.') == std::string_view::npos || kDigits.find(version[0]) == kDigits.npos) {
    return std::nullopt;
  }
  if (rest.starts_with("(compatible; BoringSSL)")) {
    return TlsLibrary{.family = "boringssl", .version = {}, .text = {}, .directory = {}};
  }
  constexpr std::string_view kAws = "(compatible; AWS-LC";
  if (rest.starts_with(kAws)) {
    std::string_view own = rest.substr(kAws.size());
    own.remove_prefix(std::min(own.find_first_of(kDigits), own.size()));
    return TlsLibrary{.family = "aws-lc",
                      .version = std::string(own.substr(0, own.find(')'))),
                      .text = {},
                      .directory = {}};
  }
  if (!looks_like_date(rest)) {
    return std::nullopt;
  }
  return TlsLibrary{
      .family = "openssl", .version = std::string(version), .text = {}, .directory = {}};
}

std::optional<TlsLibrary> libressl_at(std::string_view text) {
  const std::string_view version = text.substr(std::string_view("LibreSSL ").size());
  // The whole text is the version: "LibreSSL 3.8.2".
  if (version.empty() || version.find_first_not_of("0123456789.") != version.npos ||
      version.find('.') == version.npos) {
    return std::nullopt;
  }
  return TlsLibrary{
      .family = "libressl", .version = std::string(version), .text = {}, .directory = {}};
}

std::uint64_t varint(std::string_view text, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63 && at < text.size(); shift += 7) {
    const auto octet = static_cast<unsigned char>(text[at++]);
    value |= std::uint64_t{octet & 0x7FU} << shift;
    if ((octet & 0x80U) == 0) {
      return value;
    }
  }
  at = text.size();
  return 0;
}

}  // namespace

std::optional<TlsLibrary> find_tls_library(ByteView bytes) {
  const std::string_view all = as_text(bytes);
  // Both families' names end so; one pass finds either.
  constexpr std::string_view kTail = "SSL ";
  for (std::size_t at = all.find(kTail); at != all.npos; at = all.find(kTail, at + 1)) {
    std::optional<TlsLibrary> found;
    std::size_t start = 0;
    if (at >= 4 && all.substr(at - 4, 4) == "Open") {
      start = at - 4;
      found = openssl_at(text_at(all, start));
    } else if (at >= 5 && all.substr(at - 5, 5) == "Libre") {
      start = at - 5;
      found = libressl_at(text_at(all, start));
    }
    if (found) {
      found->text = std::string(text_at(all, start));
      found->directory = find_openssl_directory(bytes);
      return found;
    }
  }
  return std::nullopt;
}

std::string find_openssl_directory(ByteView bytes) {
  const std::string_view all = as_text(bytes);
  constexpr std::string_view kMark = "OPENSSLDIR: \"";
  const std::size_t at = all.find(kMark);
  if (at == all.npos) {
    return {};
  }
  const std::string_view window = all.substr(at + kMark.size(), 4096);
  const std::size_t end = window.find_first_of(std::string_view("\"\0\n", 3));
  return end == window.npos || window[end] != '"' ? std::string()
                                                  : std::string(window.substr(0, end));
}

std::optional<GoBuild> find_go_build(ByteView bytes) {
  const std::string_view all = as_text(bytes);
  // debug/buildinfo: 14 octets of magic, the pointer size, flags; with flag 2 two strings follow
  // at offset 32, each behind its length.
  constexpr std::string_view kMagic = "\xFF Go buildinf:";
  constexpr std::size_t kFlags = 15;
  constexpr std::size_t kStrings = 32;
  const std::size_t at = all.find(kMagic);
  if (at == all.npos || all.size() - at < kStrings ||
      (static_cast<unsigned char>(all[at + kFlags]) & 2U) == 0) {
    return std::nullopt;
  }
  const std::string_view block = all.substr(at, std::size_t{1} << 20U);
  std::size_t next = kStrings;
  const std::uint64_t version_bytes = varint(block, next);
  if (version_bytes > block.size() - next) {
    return std::nullopt;
  }
  GoBuild build{.version = std::string(block.substr(next, version_bytes)), .modules = {}};
  next += version_bytes;
  const std::uint64_t module_bytes = varint(block, next);
  // Sixteen octets of a sentinel on either side.
  if (module_bytes >= 33 && module_bytes <= block.size() - next) {
    build.modules = block.substr(next + 16, module_bytes - 32);
  }
  return build;
}

std::vector<std::uint64_t> writable_segments(ByteView header) {
  // gABI: Elf64_Ehdr e_phoff, e_phnum; Elf64_Phdr p_type, p_flags, p_offset.
  constexpr std::string_view kElf64Little("\177ELF\002\001", 6);
  constexpr std::uint64_t kEntryBytes = 56;
  constexpr std::uint32_t kLoad = 1;
  constexpr std::uint32_t kWritable = 2;
  constexpr std::size_t kMost = 8;
  std::vector<std::uint64_t> found;
  if (!as_text(header).starts_with(kElf64Little)) {
    return found;
  }
  Source source(header);
  const std::uint64_t start = source.u64(32);
  const std::uint16_t count = source.u16(56);
  for (std::uint16_t i = 0; i < count && found.size() < kMost; ++i) {
    const std::uint64_t at = start + i * kEntryBytes;
    if (!source.has(at, kEntryBytes)) {
      break;
    }
    if (source.u32(at) == kLoad && (source.u32(at + 4) & kWritable) != 0) {
      found.push_back(source.u64(at + 8));
    }
  }
  return found;
}

}  // namespace medic::binary
