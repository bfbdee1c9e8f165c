// PE: DOS header, PE header, one section with every table.

#include <charconv>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/binary/octets.h"
#include "tests/binary/write_formats.h"

namespace medic::test {
namespace {

using binary::Image;
using binary::Symbols;

constexpr std::uint64_t kSectionRva = 0x1000;
constexpr std::uint64_t kSectionOffset = 0x400;
constexpr std::uint64_t kShift = kSectionRva - kSectionOffset;  // file offset to RVA

std::uint16_t machine_number(const std::string& name) {
  static const std::map<std::string, std::uint16_t> kNumbers = {
      {"i386", 0x14C}, {"x86_64", 0x8664}, {"aarch64", 0xAA64}, {"arm", 0x1C4}};
  return kNumbers.at(name);
}

class PeWriter {
 public:
  PeWriter(const Image& image, const Symbols& symbols, std::string_view text)
      : image_(image), symbols_(symbols), text_(text) {}

  std::string write() {
    out_.fill_to(kSectionOffset);
    imports();
    delay_imports();
    exports();
    version();
    out_.text(text_).pad(512);
    header();
    return out_.bytes();
  }

 private:
  struct Directory {
    std::uint64_t rva = 0, bytes = 0;
  };
  [[nodiscard]] bool wide() const { return image_.bits == 64; }
  std::uint64_t string(const std::string& text) { return out_.string(text) + kShift; }

  // The hint and name of each import, then the list of them, ended by zero; its RVA.
  std::uint64_t name_list(const std::string& library) {
    std::vector<std::uint64_t> rvas;
    for (const auto& symbol : symbols_.undefined) {
      if (symbol.from == library) {
        out_.pad(2);
        rvas.push_back(out_.size() + kShift);
        out_.u16(0);
        out_.string(symbol.name);
      }
    }
    out_.pad(8);
    const std::uint64_t at = out_.size() + kShift;
    rvas.push_back(0);
    for (const std::uint64_t rva : rvas) {
      out_.put(rva, wide() ? 8 : 4);
    }
    return at;
  }

  void imports() {
    struct Row {
      std::uint64_t names, library;
    };
    std::vector<Row> rows;
    for (const auto& needed : image_.needed) {
      if (!needed.delayed) {
        const std::uint64_t names = name_list(needed.name);
        rows.push_back({names, string(needed.name)});
      }
    }
    if (rows.empty()) {
      return;
    }
    out_.pad(4);
    directories_[1] = {out_.size() + kShift, (rows.size() + 1) * 20};
    for (const Row& row : rows) {
      out_.u32(row.names).u32(0).u32(0).u32(row.library).u32(row.names);
    }
    out_.fill_to(out_.size() + 20);
  }

  void delay_imports() {
    Octets table;
    for (const auto& needed : image_.needed) {
      if (needed.delayed) {
        const std::uint64_t names = name_list(needed.name);
        table.u32(1).u32(string(needed.name)).u32(0).u32(names).u32(names).u32(0).u32(0).u32(0);
      }
    }
    if (table.size() == 0) {
      return;
    }
    out_.pad(4);
    directories_[13] = {out_.size() + kShift, table.size() + 32};
    out_.text(table.bytes()).fill_to(out_.size() + 32);
  }

  void exports() {
    if (image_.name.empty()) {
      return;
    }
    std::vector<std::uint64_t> names;
    for (const auto& symbol : symbols_.defined) {
      names.push_back(string(symbol.name));
    }
    const std::uint64_t library = string(image_.name);
    out_.pad(4);
    const std::uint64_t count = names.size();
    const std::uint64_t at = out_.size() + kShift;
    const std::uint64_t tables = at + 40;
    directories_[0] = {at, 40};
    out_.u32(0).u32(0).u32(0).u32(library).u32(1).u32(count).u32(count);
    out_.u32(tables).u32(tables + 4 * count).u32(tables + 8 * count);
    for (std::uint64_t i = 0; i < count; ++i) {
      out_.u32(kSectionRva);
    }
    for (const std::uint64_t name : names) {
      out_.u32(name);
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      out_.u16(i);
    }
  }

  void version() {
    if (image_.file_version.empty()) {
      return;
    }
    std::vector<std::uint16_t> parts(4);
    const char* next = image_.file_version.data();
    const char* end = next + image_.file_version.size();
    for (std::uint16_t& part : parts) {
      next = std::from_chars(next, end, part).ptr;
      next += next < end ? 1 : 0;
    }
    out_.pad(4);
    const std::uint64_t at = out_.size();
    // Type RT_VERSION, name 1, language 0x409; each level a directory of one entry.
    const auto level = [&](std::uint32_t id, std::uint32_t value) {
      out_.u32(0).u32(0).u32(0).u16(0).u16(1).u32(id).u32(value);
    };
    level(16, 24U | 0x80000000U);
    level(1, 48U | 0x80000000U);
    level(0x409, 72);
    const std::uint64_t data = at + 72 + 16 + kShift;
    out_.u32(data).u32(6 + 32 + 2 + 52).u32(0).u32(0);
    out_.u16(6 + 32 + 2 + 52).u16(52).u16(0);
    for (const char c : std::string("VS_VERSION_INFO")) {
      out_.u16(static_cast<unsigned char>(c));
    }
    out_.u16(0).pad(4);
    out_.u32(0xFEEF04BD).u32(0x10000).u16(parts[1]).u16(parts[0]).u16(parts[3]).u16(parts[2]);
    out_.fill_to(out_.size() + 36);
    directories_[2] = {at + kShift, out_.size() - at};
  }

  void header() {
    const std::uint64_t section_bytes = out_.size() - kSectionOffset;
    Octets head;
    head.text("MZ").fill_to(0x3C).u32(0x80).fill_to(0x80);
    head.text("PE").u16(0).u16(machine_number(image_.architecture)).u16(1).u32(0).u32(0).u32(0);
    const std::uint64_t optional_bytes = (wide() ? 112U : 96U) + 16U * 8U;
    const bool library = image_.kind == binary::Kind::Library;
    head.u16(optional_bytes).u16((library ? 0x2000U : 0U) | 0x0002U | (wide() ? 0x20U : 0x100U));
    const std::uint64_t optional = head.size();
    head.u16(wide() ? 0x20B : 0x10B).u16(14).u32(0).u32(section_bytes).u32(0).u32(0).u32(0);
    if (wide()) {
      head.u64(0x180000000);
    } else {
      head.u32(kSectionRva).u32(0x10000000);
    }
    head.u32(0x1000).u32(0x200).u16(6).u16(0).u16(0).u16(0).u16(6).u16(0).u32(0);
    head.u32(kSectionRva + ((section_bytes + 0xFFF) & ~std::uint64_t{0xFFF}));
    head.u32(kSectionOffset).u32(0).u16(3).u16(0x100);
    for (int i = 0; i < 4; ++i) {
      head.put(0x1000, wide() ? 8 : 4);
    }
    head.u32(0).u32(16);
    for (std::uint64_t i = 0; i < 16; ++i) {
      head.u32(directories_[i].rva).u32(directories_[i].bytes);
    }
    head.fill_to(optional + optional_bytes);
    head.text(".rdata").fill_to(optional + optional_bytes + 8);
    head.u32(section_bytes).u32(kSectionRva).u32(section_bytes).u32(kSectionOffset);
    head.u32(0).u32(0).u32(0).u32(0x40000040);
    for (std::uint64_t i = 0; i < head.size(); ++i) {
      out_.set(i, static_cast<unsigned char>(head.bytes()[i]), 1);
    }
  }

  const Image& image_;
  const Symbols& symbols_;
  std::string_view text_;
  Octets out_;
  std::map<std::uint64_t, Directory> directories_;
};

}  // namespace

std::string write_pe(const Image& image, const Symbols& symbols, std::string_view text) {
  return PeWriter(image, symbols, text).write();
}

}  // namespace medic::test
