#include "binary/elf_layout.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/formats.h"
#include "binary/source.h"

namespace medic::binary {
namespace {

constexpr std::uint8_t kClass64 = 2;
constexpr std::uint8_t kDataBigEndian = 2;
constexpr std::uint32_t kPtLoad = 1;
constexpr std::uint32_t kPtDynamic = 2;
constexpr std::uint32_t kPtInterp = 3;

ElfLayout::Segment segment_at(Source& source, std::uint64_t at, bool wide) {
  if (wide) {
    return {.offset = source.u64(at + 8),
            .address = source.u64(at + 16),
            .file_bytes = source.u64(at + 32)};
  }
  return {.offset = source.u32(at + 4),
          .address = source.u32(at + 8),
          .file_bytes = source.u32(at + 16)};
}

void read_dynamic(ElfLayout& elf, const ElfLayout::Segment& segment) {
  const std::uint64_t word = elf.wide ? 8 : 4;
  elf.is_dynamic = true;
  for (std::size_t i = 0; i < kMaxEntries; ++i) {
    const std::uint64_t at = 2 * word * i;
    if (at + 2 * word > segment.file_bytes) {
      break;
    }
    const std::uint64_t tag = elf.source.word(segment.offset + at, elf.wide);
    const std::uint64_t value = elf.source.word(segment.offset + at + word, elf.wide);
    if (tag == 0 || !elf.source.take_ok()) {
      break;
    }
    elf.dynamic.emplace(tag, value);
  }
  if (elf.dynamic.empty()) {
    elf.report("the dynamic section is empty or cut");
  }
  if (const auto strings = elf.offset(kDtStrtab); strings && *strings < elf.source.size()) {
    elf.strings_begin = *strings;
    elf.strings_end =
        *strings + std::min(elf.value(kDtStrsz).value_or(0), elf.source.size() - *strings);
  }
}

}  // namespace

std::optional<std::uint64_t> ElfLayout::value(std::uint64_t tag) const {
  const auto found = dynamic.find(tag);
  return found == dynamic.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> ElfLayout::offset(std::uint64_t tag) {
  const std::optional<std::uint64_t> address = value(tag);
  return address ? offset_of_address(*address) : std::nullopt;
}

std::optional<std::uint64_t> ElfLayout::offset_of_address(std::uint64_t address) const {
  for (const Segment& load : loads) {
    if (address >= load.address && address - load.address < load.file_bytes) {
      return load.offset + (address - load.address);
    }
  }
  return std::nullopt;
}

std::string ElfLayout::string(std::uint64_t index) {
  if (index >= strings_end - strings_begin) {
    report("a name lies outside the string table");
    return {};
  }
  std::string text = source.string(strings_begin + index, strings_end);
  if (!source.take_ok()) {
    report("a name in the string table has no end");
  }
  return text;
}

void ElfLayout::report(std::string_view problem) {
  if (std::ranges::find(problems, problem) == problems.end()) {
    problems.emplace_back(problem);
  }
}

Result<ElfLayout> read_elf_layout(ByteView bytes) {
  // e_ident: class at 4, data at 5 (gABI figure 4-4).
  if (bytes.size() < 52) {
    return fail(ErrorKind::Data, "an ELF file that ends inside its header");
  }
  ElfLayout elf;
  elf.wide = bytes[4] == kClass64;
  elf.source = Source(bytes, bytes[5] == kDataBigEndian);
  Source& source = elf.source;
  elf.type = source.u16(16);
  elf.machine = source.u16(18);
  const std::uint64_t table = source.word(elf.wide ? 32 : 28, elf.wide);
  const std::uint16_t entry_bytes = source.u16(elf.wide ? 54 : 42);
  const std::uint16_t count = source.u16(elf.wide ? 56 : 44);
  if (!source.take_ok() || (count > 0 && entry_bytes < (elf.wide ? 56 : 32)) ||
      !source.has(table, std::uint64_t{entry_bytes} * count)) {
    return fail(ErrorKind::Data, "an ELF file whose program headers lie outside it");
  }
  std::optional<ElfLayout::Segment> dynamic;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = table + i * entry_bytes;
    const std::uint32_t type = source.u32(at);
    const ElfLayout::Segment segment = segment_at(source, at, elf.wide);
    if (type == kPtLoad) {
      elf.loads.push_back(segment);
    } else if (type == kPtDynamic && !dynamic) {
      dynamic = segment;
    } else if (type == kPtInterp && !elf.interpreter) {
      elf.interpreter = segment;
    }
  }
  if (dynamic) {
    read_dynamic(elf, *dynamic);
  }
  return elf;
}

}  // namespace medic::binary
