#include <dlfcn.h>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/subprocess.h"
#include "binary/image.h"
#include "binary/traces.h"
#include "tests/binary/writer.h"

namespace medic::binary {
namespace {

using test::make_binary;
using test::make_fat;

Image python_ssl_elf() {
  return {.format = Format::Elf,
          .kind = Kind::Library,
          .architecture = "x86_64",
          .bits = 64,
          .needed = {{.name = "libssl.so.3"}, {.name = "libcrypto.so.3"}, {.name = "libc.so.6"}},
          .rpath = {},
          .runpath = {"$ORIGIN/../..", "/opt/conda/lib"},
          .wanted_versions = {{.library = "libssl.so.3", .version = "OPENSSL_3.0.0"},
                              {.library = "libc.so.6", .version = "GLIBC_2.2.5", .weak = true}}};
}

struct ImageCase {
  std::string_view why;
  Image image;
};

std::vector<ImageCase> image_cases() {
  Image old = python_ssl_elf();
  old.bits = 32;
  old.architecture = "i386";
  old.rpath = {"/usr/local/ssl/lib"};
  old.runpath = {};
  Image mainframe = python_ssl_elf();
  mainframe.architecture = "s390";
  mainframe.big_endian = true;
  return {
      {"a Python extension module as conda builds it", python_ssl_elf()},
      {"32 bits, and the older search path tag", old},
      {"the other byte order", mainframe},
      {"the library that defines the versions",
       {.format = Format::Elf,
        .kind = Kind::Library,
        .architecture = "aarch64",
        .bits = 64,
        .name = "libssl.so.3",
        .needed = {{.name = "libcrypto.so.3"}},
        .defined_versions = {"OPENSSL_3.0.0", "OPENSSL_3.2.0"}}},
      {"a program has an interpreter",
       {.format = Format::Elf,
        .kind = Kind::Program,
        .architecture = "x86_64",
        .bits = 64,
        .interpreter = "/lib64/ld-linux-x86-64.so.2",
        .needed = {{.name = "libpython3.12.so.1.0"}},
        .runpath = {"$ORIGIN/../lib"}}},
      {"_ssl.pyd of Windows, one library looked for only when called",
       {.format = Format::Pe,
        .kind = Kind::Library,
        .architecture = "x86_64",
        .bits = 64,
        .name = "_ssl.pyd",
        .needed = {{.name = "libcrypto-3-x64.dll"},
                   {.name = "libssl-3-x64.dll"},
                   {.name = "python312.dll"},
                   {.name = "CRYPT32.dll", .delayed = true}},
        .file_version = "3.12.4150.1013"}},
      {"a 32-bit program without exports",
       {.format = Format::Pe,
        .kind = Kind::Program,
        .architecture = "i386",
        .bits = 32,
        .needed = {{.name = "python27.dll"}}}},
      {"a Mach-O bundle that finds its libraries by rpath",
       {.format = Format::MachO,
        .kind = Kind::Library,
        .architecture = "aarch64",
        .bits = 64,
        .needed = {{.name = "@rpath/libssl.3.dylib"},
                   {.name = "/usr/lib/libz.1.dylib", .optional = true},
                   {.name = "/usr/lib/libSystem.B.dylib", .reexported = true}},
        .rpath = {"@loader_path/../../"}}},
      {"a dylib has an install name",
       {.format = Format::MachO,
        .kind = Kind::Library,
        .architecture = "x86_64",
        .bits = 64,
        .name = "@rpath/libssl.3.dylib",
        .needed = {{.name = "@rpath/libcrypto.3.dylib"}}}},
      {"Mach-O of another byte order",
       {.format = Format::MachO,
        .kind = Kind::Program,
        .architecture = "ppc",
        .bits = 32,
        .big_endian = true,
        .needed = {{.name = "/usr/lib/libSystem.B.dylib"}}}},
  };
}

TEST(Binary, EveryFormatReadsBackWhatWasWritten) {
  for (const ImageCase& c : image_cases()) {
    SCOPED_TRACE(c.why);
    const std::string bytes = make_binary(c.image);
    const auto file = read(as_bytes(bytes));
    ASSERT_TRUE(file) << file.error().what;
    ASSERT_EQ(file->images.size(), 1U);
    EXPECT_EQ(file->format, c.image.format);
    const Image& got = file->images[0];
    EXPECT_TRUE(got == c.image) << got.name << " " << got.architecture << " " << got.needed.size()
                                << " " << got.file_version
                                << (got.problems.empty() ? "" : got.problems[0]);
  }
}

TEST(Binary, SymbolsComeWithTheirVersionOrTheirLibrary) {
  const Symbols elf{.undefined = {{.name = "SSL_new", .from = "OPENSSL_3.0.0"}, {.name = "open"}},
                    .defined = {{.name = "PyInit__ssl"}}};
  Image module = python_ssl_elf();
  const auto elf_read = read_symbols(as_bytes(make_binary(module, elf)));
  ASSERT_TRUE(elf_read) << elf_read.error().what;
  EXPECT_EQ(elf_read->undefined, elf.undefined);
  EXPECT_EQ(elf_read->defined, elf.defined);

  const Image pyd{.format = Format::Pe,
                  .kind = Kind::Library,
                  .architecture = "x86_64",
                  .bits = 64,
                  .name = "_ssl.pyd",
                  .needed = {{.name = "libssl-3.dll"}, {.name = "CRYPT32.dll", .delayed = true}}};
  const Symbols pe{.undefined = {{.name = "SSL_new", .from = "libssl-3.dll"},
                                 {.name = "CertOpenStore", .from = "CRYPT32.dll"}},
                   .defined = {{.name = "PyInit__ssl"}}};
  const auto pe_read = read_symbols(as_bytes(make_binary(pyd, pe)));
  ASSERT_TRUE(pe_read) << pe_read.error().what;
  EXPECT_EQ(pe_read->undefined, pe.undefined);
  EXPECT_EQ(pe_read->defined, pe.defined);

  const Image bundle{
      .format = Format::MachO, .kind = Kind::Library, .architecture = "aarch64", .bits = 64};
  const Symbols macho{.undefined = {{.name = "_SSL_new"}}, .defined = {{.name = "_PyInit__ssl"}}};
  const auto macho_read = read_symbols(as_bytes(make_binary(bundle, macho)));
  ASSERT_TRUE(macho_read) << macho_read.error().what;
  EXPECT_EQ(macho_read->undefined, macho.undefined);
  EXPECT_EQ(macho_read->defined, macho.defined);
}

TEST(Binary, AFatFileIsOneImageAnArchitecture) {
  Image intel{.format = Format::MachO,
              .kind = Kind::Library,
              .architecture = "x86_64",
              .bits = 64,
              .needed = {{.name = "@rpath/libssl.1.1.dylib"}}};
  Image arm = intel;
  arm.architecture = "aarch64";
  arm.needed = {{.name = "@rpath/libssl.3.dylib"}};
  const std::string fat = make_fat({make_binary(intel), make_binary(arm)});
  const auto file = read(as_bytes(fat));
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_EQ(file->images, (std::vector<Image>{intel, arm}));
  EXPECT_TRUE(read_symbols(as_bytes(fat), "aarch64"));
  EXPECT_FALSE(read_symbols(as_bytes(fat), "ppc"));
}

TEST(Binary, WhatIsNoProgramIsNotTakenForOne) {
  struct Case {
    std::string_view bytes, why;
  };
  constexpr std::array<Case, 6> kCases = {{
      {"", "nothing"},
      {"#!/bin/sh\n", "a script"},
      {std::string_view("\xCA\xFE\xBA\xBE\x00\x00\x00\x34", 8),
       "a Java class begins like a fat Mach-O file"},
      {"\x7F"
       "ELF",
       "cut after the first word"},
      {"MZ", "a DOS program"},
      {std::string_view("\xCF\xFA\xED\xFE\x00", 5), "Mach-O, cut"},
  }};
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.why);
    EXPECT_FALSE(read(as_bytes(c.bytes)));
    EXPECT_FALSE(read_symbols(as_bytes(c.bytes)));
  }
}

// Every prefix and every single damaged octet: an Error, a problem or a record, never a crash.
TEST(Binary, DamageIsSurvived) {
  for (const ImageCase& c : image_cases()) {
    SCOPED_TRACE(c.why);
    const std::string good = make_binary(c.image, {.undefined = {}, .defined = {{.name = "f"}}});
    for (std::size_t i = 0; i < good.size(); i += 3) {
      const std::string cut = good.substr(0, i);
      static_cast<void>(read(as_bytes(cut)));
      std::string bad = good;
      bad[i] = static_cast<char>(0xFF);
      static_cast<void>(read(as_bytes(bad)));
      static_cast<void>(read_symbols(as_bytes(bad)));
    }
  }
}

TEST(Binary, ACutTableIsAProblemAndNotAnAbsence) {
  const std::string whole = make_binary(image_cases()[5].image);
  const auto file = read(as_bytes(whole).first(0x600));
  ASSERT_TRUE(file) << file.error().what;
  const auto symbols = read_symbols(as_bytes(whole).first(0x410));
  EXPECT_TRUE(!symbols || !symbols->problems.empty());
}

#ifdef __x86_64__
// The loader is the judge of what the writer writes, so that the reader is not tested against a
// twin of its own mistakes.
TEST(Binary, TheLoaderTakesWhatTheWriterWrites) {
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory);
  const std::string path = (directory->path() / "tiny.so").string();
  Image image{.format = Format::Elf,
              .kind = Kind::Library,
              .architecture = "x86_64",
              .bits = 64,
              .name = "tiny.so"};
  ASSERT_TRUE(write_file(path, make_binary(image)));
  void* handle = dlopen(path.c_str(), RTLD_NOW);
  ASSERT_NE(handle, nullptr) << dlerror();  // NOLINT(concurrency-mt-unsafe): one thread
  dlclose(handle);

  image.needed = {{.name = "libssl.so.77"}};
  image.name = "other.so";
  const std::string other = (directory->path() / "other.so").string();
  ASSERT_TRUE(write_file(other, make_binary(image)));
  EXPECT_EQ(dlopen(other.c_str(), RTLD_NOW), nullptr);
  EXPECT_NE(std::string(dlerror()).find("libssl.so.77: cannot open shared object file"),
            std::string::npos);

  image = python_ssl_elf();
  image.name = "version.so";
  image.needed = {{.name = "libc.so.6"}};
  image.wanted_versions = {{.library = "libc.so.6", .version = "OPENSSL_9.9"}};
  const std::string third = (directory->path() / "version.so").string();
  ASSERT_TRUE(write_file(third, make_binary(image)));
  EXPECT_EQ(dlopen(third.c_str(), RTLD_NOW), nullptr);
  EXPECT_NE(std::string(dlerror()).find("version `OPENSSL_9.9' not found"), std::string::npos);
}
#endif

// Our own test program, read by us and by readelf.
TEST(Binary, ReadelfSaysTheSameOfThisProgram) {
  const auto self = read_file("/proc/self/exe", std::size_t{1} << 30U);
  ASSERT_TRUE(self) << self.error().what;
  const auto file = read(*self);
  ASSERT_TRUE(file) << file.error().what;
  const Image& image = file->images.at(0);
  EXPECT_EQ(image.kind, Kind::Program);
  EXPECT_TRUE(image.problems.empty());
  EXPECT_FALSE(image.interpreter.empty());
  const auto symbols = read_symbols(*self);
  ASSERT_TRUE(symbols);
  EXPECT_TRUE(symbols->problems.empty());
  EXPECT_TRUE(std::ranges::any_of(symbols->undefined, [](const Symbol& symbol) {
    return symbol.name == "__libc_start_main" && symbol.from.starts_with("GLIBC_2.");
  }));
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const auto run = run_process({.argv = {"readelf", "-dW", program}});
  if (!run || run->exit_status != 0) {
    GTEST_SKIP() << "Skipped: readelf is not installed";
  }
  for (const Needed& needed : image.needed) {
    EXPECT_NE(run->out.find("Shared library: [" + needed.name + "]"), std::string::npos);
  }
  const auto count = [&](std::string_view text) {
    std::size_t found = 0;
    for (std::size_t at = run->out.find(text); at != std::string::npos;
         at = run->out.find(text, at + 1)) {
      ++found;
    }
    return found;
  };
  EXPECT_EQ(count("(NEEDED)"), image.needed.size());
}

struct TraceCase {
  std::string_view text, family, version, directory, why;
};

constexpr TraceCase kTraces[] = {
    {"OpenSSL 3.0.16 11 Feb 2025\nOPENSSLDIR: \"/etc/ssl\"", "openssl", "3.0.16", "/etc/ssl",
     "python-build-standalone"},
    {"OpenSSL 1.1.1w  11 Sep 2023", "openssl", "1.1.1w", "", "two spaces before the date"},
    {"OpenSSL 1.1.1 (compatible; BoringSSL)", "boringssl", "", "", "BoringSSL says so itself"},
    {"OpenSSL 1.1.1 (compatible; AWS-LC 1.30.1)", "aws-lc", "1.30.1", "", "and AWS-LC"},
    {"LibreSSL 2.8.3", "libressl", "2.8.3", "", "the system Python of old macOS"},
    {"OpenSSL 1.1.1 or newer is needed", "", "", "", "a message only mentions a version"},
    {"urllib3 v2 only supports OpenSSL 1.1.1+, currently LibreSSL is", "", "", "", "another"},
    {"OpenSSL is not here", "", "", "", "no version at all"},
};

TEST(Binary, TlsLibrariesAreKnownByTheTextTheyCompileIn) {
  for (const TraceCase& c : kTraces) {
    SCOPED_TRACE(c.why);
    std::string bytes("\0\x01junk OpenSSL ", 15);
    bytes += '\0';
    bytes += c.text;
    bytes += '\0';
    const auto found = find_tls_library(as_bytes(bytes));
    EXPECT_EQ(found.has_value(), !c.family.empty());
    if (found) {
      EXPECT_EQ(found->family, c.family);
      EXPECT_EQ(found->version, c.version);
      EXPECT_EQ(found->directory, c.directory);
    }
  }
}

TEST(Binary, AGoBuildTellsItsVersion) {
  std::string bytes("....\xFF Go buildinf:\x08\x02", 20);
  bytes.resize(4 + 32, '\0');
  bytes += "\x08go1.22.3";
  const std::string modules = "path\texample.org/x\nmod\texample.org/x\tv1.2.3\n";
  bytes += static_cast<char>(modules.size() + 32);
  bytes += std::string(16, '0') + modules + std::string(16, '1');
  const auto build = find_go_build(as_bytes(bytes));
  ASSERT_TRUE(build.has_value());
  EXPECT_EQ(build->version, "go1.22.3");
  EXPECT_EQ(build->modules, modules);
  EXPECT_FALSE(find_go_build(as_bytes(bytes).first(30)).has_value());
  EXPECT_FALSE(find_go_build(as_bytes("go1.22.3")).has_value());
}

TEST(Binary, WritableSegmentsOfAnElfFileAreToldByItsFirstBytes) {
  // Elf64_Ehdr with three Elf64_Phdr behind it: code (r-x), relocated data and data (rw-).
  std::string header("\177ELF\002\001\001", 7);
  header.resize(64, '\0');
  header[32] = 64;  // e_phoff
  header[56] = 3;   // e_phnum
  const auto add_segment = [&](char flags, char page) {
    std::string segment(56, '\0');
    segment[0] = 1;  // PT_LOAD
    segment[4] = flags;
    segment[9] = page;  // p_offset, in units of 256
    header += segment;
  };
  add_segment(5, 0);
  add_segment(6, 0x30);
  add_segment(6, 0x40);
  using Offsets = std::vector<std::uint64_t>;
  EXPECT_EQ(writable_segments(as_bytes(header)), (Offsets{0x3000, 0x4000}));
  EXPECT_EQ(writable_segments(as_bytes(header).first(header.size() - 1)), Offsets{0x3000})
      << "the last segment is cut";
  std::string far = header;
  far.replace(32, 8, std::string(8, '\xFF'));
  EXPECT_EQ(writable_segments(as_bytes(far)), Offsets()) << "segments beyond any file";
  header[4] = 1;
  EXPECT_EQ(writable_segments(as_bytes(header)), Offsets()) << "of 32 bits";
}

}  // namespace
}  // namespace medic::binary
