#include "binary/pe_layout.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/source.h"

namespace medic::binary {
namespace {

constexpr std::uint32_t kPeSignature = 0x00004550;  // "PE\0\0"
constexpr std::uint16_t kPe32 = 0x10B;
constexpr std::uint16_t kPe32Plus = 0x20B;
// The specification lets a loader refuse more than 96 sections.
constexpr std::uint16_t kMaxSections = 1024;

constexpr std::uint32_t kVersionResource = 16;             // RT_VERSION
constexpr std::uint32_t kFixedFileInfoMagic = 0xFEEF04BD;  // VS_FIXEDFILEINFO.dwSignature

// The first entry of a resource directory, or the one with `id` when it is not zero: its value
// without the bit that says "directory".
std::optional<std::uint32_t> resource_entry(Source& source, std::uint64_t at, std::uint32_t id) {
  const std::uint32_t count = std::uint32_t{source.u16(at + 12)} + source.u16(at + 14);
  for (std::uint32_t i = 0; i < count && i < 1024; ++i) {
    const std::uint64_t entry = at + 16 + std::uint64_t{i} * 8;
    if (id == 0 || source.u32(entry) == id) {
      const std::uint32_t value = source.u32(entry + 4) & 0x7FFFFFFFU;
      return source.take_ok() ? std::optional(value) : std::nullopt;
    }
  }
  source.forget();
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> PeLayout::offset(std::uint64_t rva) const {
  for (const Section& section : sections) {
    if (rva >= section.rva && rva - section.rva < section.file_bytes) {
      return section.offset + (rva - section.rva);
    }
  }
  return rva < header_bytes ? std::optional(rva) : std::nullopt;
}

std::optional<std::uint64_t> PeLayout::directory(std::size_t index) const {
  if (index >= directories.size() || directories[index].rva == 0) {
    return std::nullopt;
  }
  return offset(directories[index].rva);
}

std::string PeLayout::string(std::uint64_t rva) {
  const std::optional<std::uint64_t> at = offset(rva);
  if (!at) {
    report("a name lies outside every section");
    return {};
  }
  std::string text = source.string(*at);
  if (!source.take_ok()) {
    report("a name has no end");
  }
  return text;
}

void PeLayout::report(std::string_view problem) {
  if (std::ranges::find(problems, problem) == problems.end()) {
    problems.emplace_back(problem);
  }
}

Result<PeLayout> read_pe_layout(ByteView bytes) {
  PeLayout pe;
  pe.source = Source(bytes);
  Source& source = pe.source;
  const std::uint64_t header = source.u32(0x3C);  // e_lfanew
  if (!source.take_ok() || source.u32(header) != kPeSignature) {
    return fail(ErrorKind::Data, "a DOS program without a PE header");
  }
  pe.machine = source.u16(header + 4);
  const std::uint16_t section_count = std::min(source.u16(header + 6), kMaxSections);
  const std::uint16_t optional_bytes = source.u16(header + 20);
  pe.characteristics = source.u16(header + 22);
  const std::uint64_t optional = header + 24;
  const std::uint16_t magic = source.u16(optional);
  if (magic != kPe32 && magic != kPe32Plus) {
    return fail(ErrorKind::Data, fmt::format("a PE file of unknown magic 0x{:x}", magic));
  }
  pe.wide = magic == kPe32Plus;
  pe.image_base = pe.wide ? source.u64(optional + 24) : source.u32(optional + 28);
  pe.header_bytes = source.u32(optional + 60);
  const std::uint64_t directories = optional + (pe.wide ? 112 : 96);
  const std::uint32_t directory_count = source.u32(directories - 4);
  for (std::uint64_t i = 0; i < directory_count && i < kDirectories; ++i) {
    pe.directories.push_back(
        {.rva = source.u32(directories + 8 * i), .bytes = source.u32(directories + 8 * i + 4)});
  }
  const std::uint64_t sections = optional + optional_bytes;
  for (std::uint64_t i = 0; i < section_count; ++i) {
    const std::uint64_t at = sections + 40 * i;  // IMAGE_SIZEOF_SECTION_HEADER
    pe.sections.push_back({.rva = source.u32(at + 12),
                           .virtual_bytes = source.u32(at + 8),
                           .offset = source.u32(at + 20),
                           .file_bytes = source.u32(at + 16)});
  }
  if (!source.take_ok()) {
    return fail(ErrorKind::Data, "a PE file that ends inside its headers");
  }
  return pe;
}

std::string pe_file_version(PeLayout& pe) {
  const std::optional<std::uint64_t> root = pe.directory(kResourceDirectory);
  if (!root) {
    return {};
  }
  Source& source = pe.source;
  // Three levels: type, name, language; then the data entry.
  std::optional<std::uint32_t> step = resource_entry(source, *root, kVersionResource);
  for (int level = 0; step && level < 2; ++level) {
    step = resource_entry(source, *root + *step, 0);
  }
  if (!step) {
    return {};
  }
  const std::optional<std::uint64_t> data = pe.offset(source.u32(*root + *step));
  const std::uint32_t bytes = source.u32(*root + *step + 4);
  if (!source.take_ok() || !data) {
    pe.report("the version resource lies outside every section");
    return {};
  }
  // VS_VERSIONINFO: three words, "VS_VERSION_INFO" in UTF-16, then VS_FIXEDFILEINFO on a multiple
  // of four octets.
  for (std::uint64_t at = 0; at + 16 <= bytes && at <= 64; at += 4) {
    if (source.u32(*data + at) == kFixedFileInfoMagic) {
      const std::uint32_t high = source.u32(*data + at + 8);
      const std::uint32_t low = source.u32(*data + at + 12);
      if (source.take_ok()) {
        return fmt::format("{}.{}.{}.{}", high >> 16U, high & 0xFFFFU, low >> 16U, low & 0xFFFFU);
      }
    }
  }
  source.forget();
  return {};
}

}  // namespace medic::binary
