#pragma once

// One reader a format. Internal to this module.

#include <cstddef>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/image.h"

namespace medic::binary {

// Entries of one table (libraries, search paths, versions) that are read; more is a problem of the
// file. The largest real one we met names 103 libraries.
inline constexpr std::size_t kMaxEntries = 4096;
// Dynamic symbols of one image: libcrypto has about 6,000, Chromium's largest library 30,000.
inline constexpr std::size_t kMaxSymbols = 200'000;
// Names may overlap in the file, so its size does not bound what they take together.
inline constexpr std::size_t kMaxNameBytes = std::size_t{32} << 20U;

Result<Image> read_elf(ByteView bytes);
Result<Symbols> read_elf_symbols(ByteView bytes);

Result<Image> read_pe(ByteView bytes);
Result<Symbols> read_pe_symbols(ByteView bytes);

Result<File> read_macho(ByteView bytes);
Result<Symbols> read_macho_symbols(ByteView bytes, std::string_view architecture);
// A fat file and a Java class begin with the same four octets.
bool is_macho(ByteView bytes);

}  // namespace medic::binary
