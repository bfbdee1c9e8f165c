#pragma once

// Where things are in a PE file (Microsoft PE/COFF specification). Internal to this module.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/source.h"

namespace medic::binary {

// Indexes of the optional header's data directories.
inline constexpr std::size_t kExportDirectory = 0;
inline constexpr std::size_t kImportDirectory = 1;
inline constexpr std::size_t kResourceDirectory = 2;
inline constexpr std::size_t kDelayImportDirectory = 13;
inline constexpr std::size_t kDirectories = 16;

struct PeLayout {
  struct Directory {
    std::uint32_t rva = 0, bytes = 0;
  };
  struct Section {
    std::uint32_t rva = 0, virtual_bytes = 0, offset = 0, file_bytes = 0;
  };
  Source source{{}};
  bool wide = false;  // PE32+
  std::uint16_t machine = 0;
  std::uint16_t characteristics = 0;
  std::uint64_t image_base = 0;
  std::uint32_t header_bytes = 0;
  std::vector<Directory> directories;
  std::vector<Section> sections;
  std::vector<std::string> problems;

  // The file offset of an address relative to the image base; nothing when no section has it.
  [[nodiscard]] std::optional<std::uint64_t> offset(std::uint64_t rva) const;
  // The same for a data directory; nothing also when it is absent.
  [[nodiscard]] std::optional<std::uint64_t> directory(std::size_t index) const;
  std::string string(std::uint64_t rva);
  void report(std::string_view problem);
};

Result<PeLayout> read_pe_layout(ByteView bytes);

// "3.12.4150.1013" of the version resource; empty when there is none.
std::string pe_file_version(PeLayout& pe);

}  // namespace medic::binary
