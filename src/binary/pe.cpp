// PE: imports, delay imports and exports (Microsoft PE/COFF specification, sections 5 and 6).

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/formats.h"
#include "binary/image.h"
#include "binary/pe_layout.h"
#include "binary/source.h"

namespace medic::binary {
namespace {

constexpr std::uint16_t kCharacteristicDll = 0x2000;

std::string architecture_name(std::uint16_t machine) {
  switch (machine) {
    case 0x014C:
      return "i386";
    case 0x8664:
      return "x86_64";
    case 0xAA64:
      return "aarch64";
    case 0x01C4:
      return "arm";
    default:
      return fmt::format("machine-{}", machine);
  }
}

// One library of an import table: its name, and where the list of what is imported lies.
struct ImportedLibrary {
  std::string name;
  std::uint64_t names_rva = 0;
  bool delayed = false;
};

void read_imports(PeLayout& pe, std::vector<ImportedLibrary>& found) {
  std::optional<std::uint64_t> at = pe.directory(kImportDirectory);
  if (!at && pe.directories.size() > kImportDirectory &&
      pe.directories[kImportDirectory].rva != 0) {
    pe.report("the import table lies outside every section");
  }
  for (std::size_t i = 0; at && i < kMaxEntries; ++i, *at += 20) {
    const std::uint32_t lookup = pe.source.u32(*at);
    const std::uint32_t name = pe.source.u32(*at + 12);
    const std::uint32_t addresses = pe.source.u32(*at + 16);
    if (!pe.source.take_ok()) {
      pe.report("the import table is cut");
      return;
    }
    if (name == 0) {
      return;
    }
    // Old linkers leave the lookup table out; before loading, the address table says the same.
    found.push_back(
        {.name = pe.string(name), .names_rva = lookup != 0 ? lookup : addresses, .delayed = false});
  }
}

void read_delay_imports(PeLayout& pe, std::vector<ImportedLibrary>& found) {
  std::optional<std::uint64_t> at = pe.directory(kDelayImportDirectory);
  for (std::size_t i = 0; at && i < kMaxEntries; ++i, *at += 32) {
    const std::uint32_t attributes = pe.source.u32(*at);
    const std::uint32_t name = pe.source.u32(*at + 4);
    const std::uint32_t names = pe.source.u32(*at + 16);
    if (!pe.source.take_ok()) {
      pe.report("the delay import table is cut");
      return;
    }
    if (name == 0) {
      return;
    }
    // Bit 0 clear: written by Visual C++ 6, with addresses instead of offsets from the base.
    const std::uint64_t base = (attributes & 1U) != 0 ? 0 : pe.image_base;
    found.push_back({.name = pe.string(name - base), .names_rva = names - base, .delayed = true});
  }
}

std::vector<ImportedLibrary> imported_libraries(PeLayout& pe) {
  std::vector<ImportedLibrary> found;
  read_imports(pe, found);
  read_delay_imports(pe, found);
  return found;
}

// Kept while the total of names is within bounds.
class Budget {
 public:
  bool take(const Symbol& symbol) {
    bytes_ += symbol.name.size() + symbol.from.size() + sizeof(Symbol);
    ++count_;
    return bytes_ <= kMaxNameBytes && count_ <= kMaxSymbols;
  }

 private:
  std::size_t bytes_ = 0;
  std::size_t count_ = 0;
};

bool read_imported_names(PeLayout& pe, const ImportedLibrary& library, Budget& budget,
                         std::vector<Symbol>& out) {
  const std::uint64_t step = pe.wide ? 8 : 4;
  const std::uint64_t by_ordinal = std::uint64_t{1} << (pe.wide ? 63U : 31U);
  for (std::uint64_t rva = library.names_rva;; rva += step) {
    const std::optional<std::uint64_t> at = pe.offset(rva);
    const std::uint64_t value = at ? pe.source.word(*at, pe.wide) : 0;
    if (!at || !pe.source.take_ok()) {
      pe.report(
          fmt::format("the list of what is imported from '{}' is cut", escaped(library.name, 64)));
      return true;
    }
    if (value == 0) {
      return true;
    }
    Symbol symbol{.name = (value & by_ordinal) != 0 ? fmt::format("#{}", value & 0xFFFFU)
                                                    : pe.string((value & 0x7FFFFFFFU) + 2),
                  .from = library.name};
    if (!budget.take(symbol)) {
      pe.report("more imported symbols than are read");
      return false;
    }
    out.push_back(std::move(symbol));
  }
}

void read_exports(PeLayout& pe, Budget& budget, std::vector<Symbol>& out) {
  const std::optional<std::uint64_t> at = pe.directory(kExportDirectory);
  if (!at) {
    return;
  }
  const std::uint32_t count = pe.source.u32(*at + 24);
  const std::optional<std::uint64_t> names = pe.offset(pe.source.u32(*at + 32));
  if (!pe.source.take_ok()) {
    pe.report("the export table is cut");
    return;
  }
  if (!names) {
    if (count > 0) {
      pe.report("the list of exported names lies outside every section");
    }
    return;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint32_t rva = pe.source.u32(*names + 4 * i);
    if (!pe.source.take_ok()) {
      pe.report("the export table is cut");
      return;
    }
    Symbol symbol{.name = pe.string(rva), .from = {}};
    if (!budget.take(symbol)) {
      pe.report("more exported symbols than are read");
      return;
    }
    out.push_back(std::move(symbol));
  }
}

}  // namespace

Result<Image> read_pe(ByteView bytes) {
  MEDIC_TRY(PeLayout pe, read_pe_layout(bytes));
  Image image{
      .format = Format::Pe,
      .kind = (pe.characteristics & kCharacteristicDll) != 0 ? Kind::Library : Kind::Program,
      .architecture = architecture_name(pe.machine),
      .bits = static_cast<std::uint8_t>(pe.wide ? 64 : 32)};
  for (ImportedLibrary& library : imported_libraries(pe)) {
    image.needed.push_back({.name = std::move(library.name), .delayed = library.delayed});
  }
  if (const auto exports = pe.directory(kExportDirectory)) {
    const std::uint32_t name = pe.source.u32(*exports + 12);
    if (pe.source.take_ok() && name != 0) {
      image.name = pe.string(name);
    }
  }
  image.file_version = pe_file_version(pe);
  image.problems = std::move(pe.problems);
  return image;
}

Result<Symbols> read_pe_symbols(ByteView bytes) {
  MEDIC_TRY(PeLayout pe, read_pe_layout(bytes));
  Symbols symbols;
  Budget budget;
  for (const ImportedLibrary& library : imported_libraries(pe)) {
    if (!read_imported_names(pe, library, budget, symbols.undefined)) {
      break;
    }
  }
  read_exports(pe, budget, symbols.defined);
  symbols.problems = std::move(pe.problems);
  return symbols;
}

}  // namespace medic::binary
