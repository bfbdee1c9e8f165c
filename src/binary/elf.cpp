// ELF: what the dynamic section says (gABI chapter 5; symbol versions as in the LSB 5.0 core,
// chapter "Symbol Versioning").

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/elf_layout.h"
#include "binary/formats.h"
#include "binary/image.h"
#include "binary/source.h"

namespace medic::binary {
namespace {

struct MachineName {
  std::uint16_t number;
  std::string_view name;
};

// e_machine values (gABI, "ELF Header"); the names are what `uname -m` says.
constexpr MachineName kMachines[] = {
    {2, "sparc"},   {3, "i386"},      {8, "mips"},    {20, "ppc"},
    {21, "ppc64"},  {22, "s390"},     {40, "arm"},    {43, "sparc64"},
    {62, "x86_64"}, {183, "aarch64"}, {243, "riscv"}, {258, "loongarch"},
};

constexpr std::uint16_t kEtExec = 2;
constexpr std::uint16_t kEtDyn = 3;
constexpr std::uint64_t kDf1Pie = 0x08000000;
constexpr std::uint16_t kVersionFlagBase = 1;
constexpr std::uint16_t kVersionFlagWeak = 2;

std::string architecture_name(std::uint16_t number) {
  const auto* found = std::ranges::find(kMachines, number, &MachineName::number);
  return found == std::end(kMachines) ? fmt::format("machine-{}", number)
                                      : std::string(found->name);
}

std::vector<std::string> split_path(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty() && parts.size() < kMaxEntries) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (colon > 0) {
      parts.emplace_back(text.substr(0, colon));
    }
    text.remove_prefix(std::min(colon + 1, text.size()));
  }
  return parts;
}

struct VersionName {
  std::uint16_t index = 0;
  std::string library;  // empty: defined here
  std::string name;
  bool weak = false;
};

// Where a table of versions is, and how its records lead on.
struct VersionTable {
  std::uint64_t start = 0;  // dynamic tags
  std::uint64_t count = 0;
  std::uint64_t next_field = 0;  // of a record: how far on the next one is; 0: no more
  std::string_view name;
};

// `take` reads the record at an offset; false: it is cut. Every step goes forward, so a loop cannot
// be written.
template <class Take>
void walk_versions(ElfLayout& elf, const VersionTable& table, Take take) {
  std::optional<std::uint64_t> at = elf.offset(table.start);
  const std::uint64_t count =
      std::min<std::uint64_t>(elf.value(table.count).value_or(0), kMaxEntries);
  for (std::uint64_t i = 0; at && i < count; ++i) {
    const std::uint32_t next = elf.source.u32(*at + table.next_field);
    if (!take(*at) || !elf.source.take_ok()) {
      elf.report("the table of " + std::string(table.name) + " versions is cut");
      return;
    }
    at = next == 0 ? std::nullopt : std::optional(*at + next);
  }
}

std::vector<VersionName> wanted_versions(ElfLayout& elf) {
  std::vector<VersionName> found;
  Source& source = elf.source;
  walk_versions(
      elf, {.start = kDtVerneed, .count = kDtVerneednum, .next_field = 12, .name = "wanted"},
      [&](std::uint64_t at) {
        const std::uint16_t entries = source.u16(at + 2);
        const std::string library = elf.string(source.u32(at + 4));
        std::uint64_t entry = at + source.u32(at + 8);
        std::uint32_t step = 1;
        for (std::uint16_t j = 0; j < entries && step != 0; ++j, entry += step) {
          step = source.u32(entry + 12);
          const VersionName version{.index = source.u16(entry + 6),
                                    .library = library,
                                    .name = elf.string(source.u32(entry + 8)),
                                    .weak = (source.u16(entry + 4) & kVersionFlagWeak) != 0};
          if (!source.take_ok()) {
            return false;
          }
          if (found.size() == kMaxEntries) {
            break;
          }
          found.push_back(version);
        }
        return true;
      });
  return found;
}

std::vector<VersionName> defined_versions(ElfLayout& elf) {
  std::vector<VersionName> found;
  Source& source = elf.source;
  walk_versions(
      elf, {.start = kDtVerdef, .count = kDtVerdefnum, .next_field = 16, .name = "defined"},
      [&](std::uint64_t at) {
        const std::uint16_t flags = source.u16(at + 2);
        const std::uint16_t index = source.u16(at + 4);
        const std::uint32_t name = source.u32(at + source.u32(at + 12));
        if (!source.take_ok()) {
          return false;
        }
        // The base entry is the file's own name.
        if ((flags & kVersionFlagBase) == 0 && found.size() < kMaxEntries) {
          found.push_back({.index = index, .library = {}, .name = elf.string(name), .weak = false});
        }
        return true;
      });
  return found;
}

Kind kind_of(const ElfLayout& elf) {
  if (elf.type == kEtExec) {
    return Kind::Program;
  }
  if (elf.type != kEtDyn) {
    return Kind::Other;
  }
  // libc.so.6 can be run and has an interpreter, but it is a library and says so by its name.
  const bool pie = (elf.value(kDtFlags1).value_or(0) & kDf1Pie) != 0;
  const bool named = elf.value(kDtSoname).has_value();
  return pie || (elf.interpreter && !named) ? Kind::Program : Kind::Library;
}

// The chains of DT_GNU_HASH end at the last symbol; nothing else in the dynamic section tells how
// many there are.
std::uint64_t gnu_hash_count(ElfLayout& elf, std::uint64_t at) {
  Source& source = elf.source;
  const std::uint64_t buckets = source.u32(at);
  const std::uint64_t first = source.u32(at + 4);
  const std::uint64_t bloom = source.u32(at + 8);
  const std::uint64_t table = at + 16 + bloom * (elf.wide ? 8 : 4);
  if (!source.take_ok() || !source.has(table, buckets * 4)) {
    elf.report("the symbol hash table is cut");
    return 0;
  }
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < buckets; ++i) {
    last = std::max<std::uint64_t>(last, source.u32(table + 4 * i));
  }
  if (last < first) {
    return first;
  }
  const std::uint64_t chains = table + buckets * 4;
  while (last < kMaxSymbols) {
    const std::uint32_t link = source.u32(chains + (last - first) * 4);
    ++last;
    if ((link & 1U) != 0 || !source.take_ok()) {
      break;
    }
  }
  return last;
}

std::uint64_t symbol_count(ElfLayout& elf) {
  if (const auto hash = elf.offset(kDtHash)) {
    const std::uint64_t count = elf.source.u32(*hash + 4);
    if (elf.source.take_ok()) {
      return count;
    }
  }
  const auto gnu = elf.offset(kDtGnuHash);
  return gnu ? gnu_hash_count(elf, *gnu) : 0;
}

}  // namespace

Result<Image> read_elf(ByteView bytes) {
  MEDIC_TRY(ElfLayout elf, read_elf_layout(bytes));
  Image image{.format = Format::Elf,
              .kind = kind_of(elf),
              .architecture = architecture_name(elf.machine),
              .bits = static_cast<std::uint8_t>(elf.wide ? 64 : 32),
              .big_endian = elf.source.big_endian()};
  if (elf.interpreter) {
    image.interpreter = elf.source.string(
        elf.interpreter->offset, elf.interpreter->offset + std::min(elf.interpreter->file_bytes,
                                                                    std::uint64_t{bytes.size()}));
    if (!elf.source.take_ok()) {
      elf.report("the interpreter's name is cut");
    }
  }
  for (auto [at, end] = elf.dynamic.equal_range(kDtNeeded); at != end; ++at) {
    image.needed.push_back({.name = elf.string(at->second)});
  }
  if (const auto name = elf.value(kDtSoname)) {
    image.name = elf.string(*name);
  }
  if (const auto path = elf.value(kDtRpath)) {
    image.rpath = split_path(elf.string(*path));
  }
  if (const auto path = elf.value(kDtRunpath)) {
    image.runpath = split_path(elf.string(*path));
  }
  for (VersionName& version : wanted_versions(elf)) {
    image.wanted_versions.push_back({.library = std::move(version.library),
                                     .version = std::move(version.name),
                                     .weak = version.weak});
  }
  for (VersionName& version : defined_versions(elf)) {
    image.defined_versions.push_back(std::move(version.name));
  }
  image.problems = std::move(elf.problems);
  return image;
}

Result<Symbols> read_elf_symbols(ByteView bytes) {
  MEDIC_TRY(ElfLayout elf, read_elf_layout(bytes));
  Symbols symbols;
  const auto table = elf.offset(kDtSymtab);
  if (!table) {
    if (elf.is_dynamic) {
      symbols.problems.emplace_back("no dynamic symbol table");
    }
    return symbols;
  }
  std::unordered_map<std::uint16_t, std::string> versions;
  for (VersionName& wanted : wanted_versions(elf)) {
    versions.emplace(wanted.index, std::move(wanted.name));
  }
  for (VersionName& defined : defined_versions(elf)) {
    versions.emplace(defined.index, std::move(defined.name));
  }
  const auto version_table = elf.offset(kDtVersym);
  const std::uint64_t entry_bytes = elf.wide ? 24 : 16;  // gABI figure 4-16
  const std::uint64_t count = std::min<std::uint64_t>(symbol_count(elf), kMaxSymbols);
  Source& source = elf.source;
  std::size_t name_bytes = 0;
  for (std::uint64_t i = 1; i < count; ++i) {  // the first is always empty
    const std::uint64_t at = *table + i * entry_bytes;
    const std::uint32_t name = source.u32(at);
    const std::uint16_t section = source.u16(at + (elf.wide ? 6 : 14));
    const std::uint16_t version = version_table ? source.u16(*version_table + 2 * i) : 0;
    if (!source.take_ok()) {
      elf.report("the symbol table is cut");
      break;
    }
    Symbol symbol{.name = elf.string(name), .from = {}};
    // The top bit only hides a version from the static linker.
    const auto found = versions.find(static_cast<std::uint16_t>(version & 0x7FFFU));
    if (found != versions.end()) {
      symbol.from = found->second;
    }
    name_bytes += symbol.name.size() + symbol.from.size();
    if (name_bytes > kMaxNameBytes) {
      elf.report("the symbols' names are longer than 32 MiB together");
      break;
    }
    (section == 0 ? symbols.undefined : symbols.defined).push_back(std::move(symbol));
  }
  symbols.problems = std::move(elf.problems);
  return symbols;
}

}  // namespace medic::binary
