// Mach-O: load commands (Apple's mach-o/loader.h, mach-o/fat.h and mach-o/nlist.h).

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/formats.h"
#include "binary/image.h"
#include "binary/source.h"

namespace medic::binary {
namespace {

constexpr std::uint32_t kMagic32 = 0xFEEDFACE;
constexpr std::uint32_t kMagic64 = 0xFEEDFACF;
constexpr std::uint32_t kFatMagic = 0xCAFEBABE;
constexpr std::uint32_t kFatMagic64 = 0xCAFEBABF;
// A Java class file has its version where a fat file has its count; Java 1.0 wrote 45.
constexpr std::uint32_t kMaxArchitectures = 30;

constexpr std::uint32_t kLoadSymtab = 0x02;
constexpr std::uint32_t kLoadDylib = 0x0C;
constexpr std::uint32_t kIdDylib = 0x0D;
constexpr std::uint32_t kLoadWeakDylib = 0x80000018;
constexpr std::uint32_t kRpath = 0x8000001C;
constexpr std::uint32_t kReexportDylib = 0x8000001F;
constexpr std::uint32_t kLazyLoadDylib = 0x20;
constexpr std::uint32_t kLoadUpwardDylib = 0x80000023;

constexpr std::uint32_t kCpuX86 = 7;
constexpr std::uint32_t kCpuArm = 12;
constexpr std::uint32_t kCpu64 = 0x01000000;
constexpr std::uint32_t kArm64e = 2;  // CPU_SUBTYPE_ARM64E

std::string architecture_name(std::uint32_t cpu, std::uint32_t subtype) {
  switch (cpu) {
    case kCpuX86:
      return "i386";
    case kCpuX86 | kCpu64:
      return "x86_64";
    case kCpuArm:
      return "arm";
    case kCpuArm | kCpu64:
      return (subtype & 0x00FFFFFFU) == kArm64e ? "arm64e" : "aarch64";
    case 18:
      return "ppc";
    case 18 | kCpu64:
      return "ppc64";
    default:
      return fmt::format("machine-{}", cpu);
  }
}

Kind kind_of(std::uint32_t file_type) {
  switch (file_type) {
    case 2:  // MH_EXECUTE
      return Kind::Program;
    case 6:  // MH_DYLIB
    case 8:  // MH_BUNDLE: what Python's extension modules are
      return Kind::Library;
    default:
      return Kind::Other;
  }
}

struct SymbolTable {
  std::uint64_t offset = 0, count = 0, strings = 0, string_bytes = 0;
};

struct Slice {
  Source source{{}};
  bool wide = false;
  std::optional<SymbolTable> symbols;
  Image image;

  void report(std::string_view problem) {
    if (std::ranges::find(image.problems, problem) == image.problems.end()) {
      image.problems.emplace_back(problem);
    }
  }
};

void read_command(Slice& slice, std::uint32_t command, std::uint64_t at, std::uint64_t end) {
  Source& source = slice.source;
  // A string of a load command begins at an offset from the command and ends within it.
  const auto text = [&] { return source.string(at + source.u32(at + 8), end); };
  switch (command) {
    case kLoadDylib:
    case kLoadUpwardDylib:
      slice.image.needed.push_back({.name = text()});
      break;
    case kLoadWeakDylib:
      slice.image.needed.push_back({.name = text(), .optional = true});
      break;
    case kLazyLoadDylib:
      slice.image.needed.push_back({.name = text(), .delayed = true});
      break;
    case kReexportDylib:
      slice.image.needed.push_back({.name = text(), .reexported = true});
      break;
    case kIdDylib:
      slice.image.name = text();
      break;
    case kRpath:
      slice.image.rpath.push_back(text());
      break;
    case kLoadSymtab:
      slice.symbols = SymbolTable{.offset = source.u32(at + 8),
                                  .count = source.u32(at + 12),
                                  .strings = source.u32(at + 16),
                                  .string_bytes = source.u32(at + 20)};
      break;
    default:
      break;
  }
  if (!source.take_ok()) {
    slice.report(fmt::format("load command 0x{:x} is cut", command));
  }
}

Result<Slice> read_slice(ByteView bytes) {
  Slice slice;
  slice.source = Source(bytes);
  std::uint32_t magic = slice.source.u32(0);
  if (magic != kMagic32 && magic != kMagic64) {
    slice.source = Source(bytes, true);
    magic = slice.source.u32(0);
  }
  if (magic != kMagic32 && magic != kMagic64) {
    return fail(ErrorKind::Data, "a fat Mach-O file with a part that is not Mach-O");
  }
  Source& source = slice.source;
  slice.wide = magic == kMagic64;
  slice.image.format = Format::MachO;
  slice.image.architecture = architecture_name(source.u32(4), source.u32(8));
  slice.image.bits = slice.wide ? 64 : 32;
  slice.image.big_endian = source.big_endian();
  slice.image.kind = kind_of(source.u32(12));
  const std::uint32_t count = source.u32(16);
  const std::uint64_t header = slice.wide ? 32 : 28;
  const std::uint64_t end = header + source.u32(20);
  if (!source.take_ok()) {
    return fail(ErrorKind::Data, "a Mach-O file that ends inside its header");
  }
  std::uint64_t at = header;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t command = source.u32(at);
    const std::uint32_t command_bytes = source.u32(at + 4);
    if (!source.take_ok() || command_bytes < 8 || at + command_bytes > end || i >= kMaxEntries) {
      slice.report("the load commands are cut");
      break;
    }
    read_command(slice, command, at, at + command_bytes);
    at += command_bytes;
  }
  return slice;
}

// The images of a file: the whole file, or the parts of a fat one.
Result<std::vector<ByteView>> parts(ByteView bytes) {
  Source source(bytes, true);  // a fat header is big-endian everywhere
  const std::uint32_t magic = source.u32(0);
  if (magic != kFatMagic && magic != kFatMagic64) {
    return std::vector{bytes};
  }
  const bool wide = magic == kFatMagic64;
  const std::uint32_t count = source.u32(4);
  std::vector<ByteView> found;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = 8 + i * (wide ? 32 : 20);
    const std::uint64_t offset = source.word(at + 8, wide);
    const std::uint64_t length = source.word(at + (wide ? 16 : 12), wide);
    if (!source.take_ok() || !source.has(offset, length)) {
      return fail(ErrorKind::Data, "a fat Mach-O file whose parts lie outside it");
    }
    found.push_back(bytes.subspan(offset, length));
  }
  return found;
}

void read_names(Slice& slice, Symbols& out) {
  if (!slice.symbols) {
    return;
  }
  Source& source = slice.source;
  const SymbolTable table = *slice.symbols;
  const std::uint64_t entry_bytes = slice.wide ? 16 : 12;  // nlist_64, nlist
  std::size_t name_bytes = 0;
  for (std::uint64_t i = 0; i < table.count; ++i) {
    const std::uint64_t at = table.offset + i * entry_bytes;
    const std::uint32_t name = source.u32(at);
    const std::uint8_t type = source.u8(at + 4);
    if (!source.take_ok()) {
      slice.report("the symbol table is cut");
      return;
    }
    const bool debugging = (type & 0xE0U) != 0;  // N_STAB
    const bool external = (type & 0x01U) != 0;   // N_EXT
    if (debugging || !external) {
      continue;
    }
    Symbol symbol{.name = source.string(table.strings + name, table.strings + table.string_bytes),
                  .from = {}};
    if (!source.take_ok()) {
      slice.report("a symbol's name lies outside the string table");
      continue;
    }
    name_bytes += symbol.name.size() + sizeof(Symbol);
    if (i >= kMaxSymbols || name_bytes > kMaxNameBytes) {
      slice.report("more symbols than are read");
      return;
    }
    const bool undefined = (type & 0x0EU) == 0;  // N_TYPE is N_UNDF
    (undefined ? out.undefined : out.defined).push_back(std::move(symbol));
  }
}

}  // namespace

bool is_macho(ByteView bytes) {
  Source big(bytes, true);
  Source little(bytes);
  const std::uint32_t magic = big.u32(0);
  if (magic == kFatMagic || magic == kFatMagic64) {
    const std::uint32_t count = big.u32(4);
    return count > 0 && count <= kMaxArchitectures;
  }
  return magic == kMagic32 || magic == kMagic64 || little.u32(0) == kMagic32 ||
         little.u32(0) == kMagic64;
}

Result<File> read_macho(ByteView bytes) {
  MEDIC_TRY(const std::vector<ByteView> found, parts(bytes));
  File file{.format = Format::MachO, .images = {}};
  for (const ByteView part : found) {
    MEDIC_TRY(Slice slice, read_slice(part));
    file.images.push_back(std::move(slice.image));
  }
  return file;
}

Result<Symbols> read_macho_symbols(ByteView bytes, std::string_view architecture) {
  MEDIC_TRY(const std::vector<ByteView> found, parts(bytes));
  for (const ByteView part : found) {
    MEDIC_TRY(Slice slice, read_slice(part));
    if (architecture.empty() || slice.image.architecture == architecture) {
      Symbols symbols;
      read_names(slice, symbols);
      symbols.problems = std::move(slice.image.problems);
      return symbols;
    }
  }
  return fail(ErrorKind::Data, fmt::format("no part for '{}' in this Mach-O file", architecture));
}

}  // namespace medic::binary
