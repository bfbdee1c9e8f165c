#pragma once

// Where things are in an ELF file (System V ABI, gABI chapters 4 and 5). Found by the program
// headers, as the loader does: section headers may be stripped. Internal to this module.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/source.h"

namespace medic::binary {

// Dynamic tags (gABI figure 5-10; the last ones are GNU's).
inline constexpr std::uint64_t kDtNeeded = 1;
inline constexpr std::uint64_t kDtHash = 4;
inline constexpr std::uint64_t kDtStrtab = 5;
inline constexpr std::uint64_t kDtSymtab = 6;
inline constexpr std::uint64_t kDtStrsz = 10;
inline constexpr std::uint64_t kDtSoname = 14;
inline constexpr std::uint64_t kDtRpath = 15;
inline constexpr std::uint64_t kDtRunpath = 29;
inline constexpr std::uint64_t kDtGnuHash = 0x6FFFFEF5;
inline constexpr std::uint64_t kDtVersym = 0x6FFFFFF0;
inline constexpr std::uint64_t kDtFlags1 = 0x6FFFFFFB;
inline constexpr std::uint64_t kDtVerdef = 0x6FFFFFFC;
inline constexpr std::uint64_t kDtVerdefnum = 0x6FFFFFFD;
inline constexpr std::uint64_t kDtVerneed = 0x6FFFFFFE;
inline constexpr std::uint64_t kDtVerneednum = 0x6FFFFFFF;

struct ElfLayout {
  struct Segment {
    std::uint64_t offset = 0, address = 0, file_bytes = 0;
  };
  Source source{{}};
  bool wide = false;  // 64 bits
  std::uint16_t type = 0;
  std::uint16_t machine = 0;
  std::vector<Segment> loads;
  std::optional<Segment> interpreter;
  bool is_dynamic = false;
  // In file order; DT_NEEDED comes more than once.
  std::multimap<std::uint64_t, std::uint64_t> dynamic;
  std::vector<std::string> problems;

  [[nodiscard]] std::optional<std::uint64_t> value(std::uint64_t tag) const;
  // The file offset of a tag's address; nothing when absent or outside every segment.
  std::optional<std::uint64_t> offset(std::uint64_t tag);
  [[nodiscard]] std::optional<std::uint64_t> offset_of_address(std::uint64_t address) const;
  // A string of DT_STRTAB.
  std::string string(std::uint64_t index);
  void report(std::string_view problem);

  std::uint64_t strings_begin = 0, strings_end = 0;  // DT_STRTAB, in the file
};

Result<ElfLayout> read_elf_layout(ByteView bytes);

}  // namespace medic::binary
