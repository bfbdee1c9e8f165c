// Mach-O: header, load commands, symbols; and the fat file around several.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "tests/binary/octets.h"
#include "tests/binary/write_formats.h"
#include "tests/binary/writer.h"

namespace medic::test {
namespace {

using binary::Image;
using binary::Symbols;

struct Cpu {
  std::uint32_t type, subtype;
};

Cpu cpu_of(const std::string& name) {
  static const std::map<std::string, Cpu> kCpus = {{"i386", {7, 3}},
                                                   {"x86_64", {0x01000007, 3}},
                                                   {"aarch64", {0x0100000C, 0}},
                                                   {"arm64e", {0x0100000C, 2}},
                                                   {"ppc", {18, 0}}};
  return kCpus.at(name);
}

// A command whose text stands behind a header of `header_bytes`.
void text_command(Octets& out, std::uint32_t command, std::uint64_t header_bytes,
                  const std::string& text) {
  const std::uint64_t at = out.size();
  out.u32(command).u32(0).u32(header_bytes).fill_to(at + header_bytes);
  out.string(text);
  out.pad(8);
  out.set(at + 4, out.size() - at, 4);
}

std::uint32_t dylib_command(const binary::Needed& needed) {
  if (needed.optional) {
    return 0x80000018;
  }
  if (needed.reexported) {
    return 0x8000001F;
  }
  return needed.delayed ? 0x20 : 0x0C;
}

}  // namespace

std::string write_macho(const Image& image, const Symbols& symbols, std::string_view text) {
  const bool wide = image.bits == 64;
  const std::uint64_t header_bytes = wide ? 32 : 28;
  Octets out(image.big_endian);
  const Cpu cpu = cpu_of(image.architecture);
  out.u32(wide ? 0xFEEDFACF : 0xFEEDFACE).u32(cpu.type).u32(cpu.subtype);
  const std::uint32_t library = image.name.empty() ? 8 : 6;  // bundle, dylib
  out.u32(image.kind == binary::Kind::Program ? 2 : library).fill_to(header_bytes);
  std::uint64_t commands = 1;
  if (!image.name.empty()) {
    text_command(out, 0x0D, 24, image.name);
    ++commands;
  }
  for (const auto& needed : image.needed) {
    text_command(out, dylib_command(needed), 24, needed.name);
    ++commands;
  }
  for (const auto& path : image.rpath) {
    text_command(out, 0x8000001C, 12, path);
    ++commands;
  }
  const std::uint64_t symtab = out.size();
  out.u32(0x02).u32(24).fill_to(symtab + 24);
  out.set(16, commands, 4);
  out.set(20, out.size() - header_bytes, 4);
  Octets strings(image.big_endian);
  strings.string("");
  out.set(symtab + 8, out.size(), 4);
  for (const auto* list : {&symbols.undefined, &symbols.defined}) {
    for (const auto& symbol : *list) {
      const bool defined = list == &symbols.defined;
      out.u32(strings.string(symbol.name)).u8(defined ? 0x0F : 0x01).u8(defined ? 1 : 0).u16(0);
      out.put(0, wide ? 8 : 4);
    }
  }
  out.set(symtab + 12, symbols.undefined.size() + symbols.defined.size(), 4);
  out.set(symtab + 16, out.size(), 4);
  out.set(symtab + 20, strings.size(), 4);
  out.text(strings.bytes()).text(text).pad(16);
  return out.bytes();
}

std::string make_fat(const std::vector<std::string>& thin) {
  Octets out(true);
  out.u32(0xCAFEBABE).u32(thin.size()).fill_to(8 + 20 * thin.size());
  for (std::size_t i = 0; i < thin.size(); ++i) {
    out.pad(4096);
    const std::uint64_t at = 8 + 20 * i;
    out.set(at + 8, out.size(), 4);
    out.set(at + 12, thin[i].size(), 4);
    out.set(at + 16, 12, 4);  // aligned to 2^12
    for (std::uint64_t j = 0; j < 8; ++j) {
      // The thin file's cpu type, in the fat header's order.
      const std::uint64_t from = 4 + (j / 4) * 4 + 3 - (j % 4);
      out.set(at + j, static_cast<unsigned char>(thin[i][from]), 1);
    }
    out.text(thin[i]);
  }
  return out.bytes();
}

std::string make_binary(const Image& image, const Symbols& symbols, std::string_view text) {
  switch (image.format) {
    case binary::Format::Elf:
      return write_elf(image, symbols, text);
    case binary::Format::Pe:
      return write_pe(image, symbols, text);
    case binary::Format::MachO:
      return write_macho(image, symbols, text);
  }
  MEDIC_CHECK(false);
}

}  // namespace medic::test
