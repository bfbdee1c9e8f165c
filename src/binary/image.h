#pragma once

// Programs and shared libraries read directly, without running or loading them: ELF, PE and Mach-O
// (fat files too). What is read is what decides whether a TLS library can be loaded: what a file
// needs, where it asks to look, which versions and symbols it wants and offers. Nothing here looks
// at the file system: where a needed library really lies is the caller's question.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace medic::binary {

enum class Format { Elf, Pe, MachO };
std::string_view format_id(Format format);  // "elf", "pe", "mach-o"

enum class Kind { Program, Library, Other };

// A library that the loader must find before this image runs, under the name written in it.
struct Needed {
  std::string name;         // "libssl.so.3", "libcrypto-3.dll", "@rpath/libssl.3.dylib"
  bool optional = false;    // Mach-O weak: absence is allowed
  bool delayed = false;     // PE delay import, Mach-O lazy load: looked for at the first call
  bool reexported = false;  // Mach-O: its symbols count as ours

  bool operator==(const Needed&) const = default;
};

// A symbol version (ELF). `library` is the DT_NEEDED name that must define it.
struct WantedVersion {
  std::string library;
  std::string version;  // "OPENSSL_3.0.0"
  bool weak = false;    // the loader only warns

  bool operator==(const WantedVersion&) const = default;
};

// One image: a whole ELF or PE file, one architecture of a Mach-O file.
struct Image {
  Format format = Format::Elf;
  Kind kind = Kind::Other;
  // "x86_64", "i386", "aarch64", "arm", "arm64e", …; "machine-<number>" where we know no name.
  std::string architecture;
  std::uint8_t bits = 0;  // 32 or 64
  bool big_endian = false;
  // DT_SONAME, LC_ID_DYLIB, the name in a PE export directory; empty: none.
  std::string name;
  std::string interpreter;  // ELF PT_INTERP; empty: static, or a library
  std::vector<Needed> needed;
  // Split at ':', as written: "$ORIGIN/../lib", "@loader_path/..". Mach-O's LC_RPATH is in `rpath`.
  std::vector<std::string> rpath;
  std::vector<std::string> runpath;  // ELF: when present, the loader ignores `rpath`
  std::vector<WantedVersion> wanted_versions;
  std::vector<std::string> defined_versions;
  // PE: the file version of the version resource, "3.12.4150.1013"; empty elsewhere.
  std::string file_version;
  // Parts that could not be read; the rest of this record is as good as it says.
  std::vector<std::string> problems;

  bool operator==(const Image&) const = default;
};

struct File {
  Format format = Format::Elf;
  std::vector<Image> images;  // more than one only in a fat Mach-O file
};

// Is this a program or library at all? Looks at the first bytes only.
std::optional<Format> format_of(ByteView bytes);

// An Error of kind Data when `bytes` is no such file or its header is cut; damage further in is
// listed in Image::problems.
Result<File> read(ByteView bytes);

struct Symbol {
  std::string name;
  // ELF: the version; PE: the library it is imported from. Empty: none, or the image's own.
  std::string from;

  bool operator==(const Symbol&) const = default;
};

struct Symbols {
  std::vector<Symbol> undefined;
  std::vector<Symbol> defined;
  std::vector<std::string> problems;
};

// The dynamic symbols of `architecture` (empty: the first image). Costs more than read().
Result<Symbols> read_symbols(ByteView bytes, std::string_view architecture = {});

}  // namespace medic::binary
