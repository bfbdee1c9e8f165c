// ELF: header, three program headers, then everything in one loadable segment.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "tests/binary/octets.h"
#include "tests/binary/write_formats.h"

namespace medic::test {
namespace {

using binary::Image;
using binary::Symbols;

constexpr std::uint64_t kBase = 0x10000;  // not 0: an address is not an offset

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) {
    all += (all.empty() ? "" : ":") + part;
  }
  return all;
}

std::uint16_t machine_number(const std::string& name) {
  static const std::map<std::string, std::uint16_t> kNumbers = {
      {"i386", 3}, {"ppc64", 21}, {"s390", 22}, {"arm", 40}, {"x86_64", 62}, {"aarch64", 183}};
  return kNumbers.at(name);
}

// gABI figure 5-12.
std::uint32_t elf_hash(const std::string& name) {
  std::uint32_t h = 0;
  for (const char c : name) {
    h = (h << 4U) + static_cast<unsigned char>(c);
    const std::uint32_t g = h & 0xF0000000U;
    h = (h ^ (g >> 24U)) & ~g;
  }
  return h;
}

class ElfWriter {
 public:
  ElfWriter(const Image& image, const Symbols& symbols, std::string_view text)
      : image_(image), symbols_(symbols), text_(text), out_(image.big_endian) {}

  std::string write() {
    header();
    strings();
    versions_wanted();
    versions_defined();
    symbol_table();
    const std::uint64_t interpreter = out_.size();
    out_.string(image_.interpreter);
    out_.text(text_).pad(16);
    const std::uint64_t dynamic = dynamic_section();
    const std::uint64_t end = out_.size();
    segment(0, 1, 0, end);
    segment(1, 2, dynamic, end - dynamic);
    if (!image_.interpreter.empty()) {
      segment(2, 3, interpreter, image_.interpreter.size() + 1);
    }
    return out_.bytes();
  }

 private:
  [[nodiscard]] bool wide() const { return image_.bits == 64; }
  Octets& word(std::uint64_t value) { return out_.put(value, wide() ? 8 : 4); }
  [[nodiscard]] std::uint64_t header_bytes() const { return wide() ? 64 : 52; }
  [[nodiscard]] std::uint64_t segment_bytes() const { return wide() ? 56 : 32; }

  void header() {
    out_.text(
        "\x7F"
        "ELF");
    out_.u8(wide() ? 2 : 1).u8(image_.big_endian ? 2 : 1).u8(1).fill_to(16);
    out_.u16(3).u16(machine_number(image_.architecture)).u32(1);
    word(0);               // no entry point
    word(header_bytes());  // program headers
    word(0);               // no sections
    out_.u32(0).u16(header_bytes()).u16(segment_bytes());
    out_.u16(image_.interpreter.empty() ? 2 : 3).u16(0).u16(0).u16(0);
    out_.fill_to(header_bytes() + 3 * segment_bytes());
  }

  void segment(std::uint64_t index, std::uint32_t type, std::uint64_t offset, std::uint64_t bytes) {
    const std::uint64_t at = header_bytes() + index * segment_bytes();
    const unsigned w = wide() ? 8 : 4;
    const std::uint64_t first = wide() ? at + 8 : at + 4;
    out_.set(at, type, 4);
    out_.set(wide() ? at + 4 : at + 24, 6, 4);  // readable, writable
    out_.set(first, offset, w);
    out_.set(first + w, kBase + offset, w);
    out_.set(first + 2 * std::uint64_t{w}, kBase + offset, w);
    out_.set(first + 3 * std::uint64_t{w}, bytes, w);
    out_.set(first + 4 * std::uint64_t{w}, bytes, w);
    out_.set(wide() ? at + 48 : at + 28, type == 1 ? 0x1000 : 8, w);
  }

  std::uint64_t name(const std::string& text) { return names_.at(text); }

  void strings() {
    strings_at_ = out_.size();
    std::vector<std::string> all = {"", image_.name, joined(image_.rpath), joined(image_.runpath)};
    for (const auto& needed : image_.needed) {
      all.push_back(needed.name);
    }
    for (const auto& wanted : image_.wanted_versions) {
      all.push_back(wanted.library);
      all.push_back(wanted.version);
    }
    all.insert(all.end(), image_.defined_versions.begin(), image_.defined_versions.end());
    for (const auto* list : {&symbols_.undefined, &symbols_.defined}) {
      for (const auto& symbol : *list) {
        all.push_back(symbol.name);
      }
    }
    for (const std::string& text : all) {
      if (!names_.contains(text)) {
        names_[text] = out_.string(text) - strings_at_;
      }
    }
    string_bytes_ = out_.size() - strings_at_;
    out_.pad(8);
  }

  void versions_wanted() {
    wanted_at_ = out_.size();
    for (std::size_t i = 0; i < image_.wanted_versions.size(); ++i) {
      const auto& wanted = image_.wanted_versions[i];
      const std::uint16_t index = next_index_++;
      index_of_[wanted.version] = index;
      const bool last = i + 1 == image_.wanted_versions.size();
      out_.u16(1).u16(1).u32(name(wanted.library)).u32(16).u32(last ? 0 : 32);
      out_.u32(elf_hash(wanted.version)).u16(wanted.weak ? 2 : 0).u16(index);
      out_.u32(name(wanted.version)).u32(0);
    }
  }

  void versions_defined() {
    defined_at_ = out_.size();
    if (image_.defined_versions.empty()) {
      return;
    }
    // The base entry is the file's own name.
    out_.u16(1).u16(1).u16(1).u16(1).u32(elf_hash(image_.name)).u32(20).u32(28);
    out_.u32(name(image_.name)).u32(0);
    for (std::size_t i = 0; i < image_.defined_versions.size(); ++i) {
      const std::string& version = image_.defined_versions[i];
      const std::uint16_t index = next_index_++;
      index_of_[version] = index;
      const bool last = i + 1 == image_.defined_versions.size();
      out_.u16(1).u16(0).u16(index).u16(1).u32(elf_hash(version)).u32(20).u32(last ? 0 : 28);
      out_.u32(name(version)).u32(0);
    }
  }

  void symbol(const binary::Symbol& symbol, bool defined) {
    if (wide()) {
      out_.u32(name(symbol.name)).u8(0x12).u8(0).u16(defined ? 1 : 0).u64(0).u64(0);
    } else {
      out_.u32(name(symbol.name)).u32(0).u32(0).u8(0x12).u8(0).u16(defined ? 1 : 0);
    }
    versions_.u16(symbol.from.empty() ? 1 : index_of_.at(symbol.from));
  }

  void symbol_table() {
    out_.pad(8);
    symbols_at_ = out_.size();
    out_.fill_to(out_.size() + (wide() ? 24 : 16));
    versions_ = Octets(image_.big_endian);
    versions_.u16(0);
    for (const auto& undefined : symbols_.undefined) {
      symbol(undefined, false);
    }
    for (const auto& defined : symbols_.defined) {
      symbol(defined, true);
    }
    versions_at_ = out_.size();
    out_.text(versions_.bytes()).pad(8);
    // One bucket that holds a chain of every symbol.
    const std::uint64_t count = 1 + symbols_.undefined.size() + symbols_.defined.size();
    hash_at_ = out_.size();
    out_.u32(1).u32(count).u32(count > 1 ? 1 : 0).u32(0);
    for (std::uint64_t i = 1; i < count; ++i) {
      out_.u32(i + 1 < count ? i + 1 : 0);
    }
    out_.pad(8);
  }

  void tag(std::uint64_t tag, std::uint64_t value) {
    word(tag);
    word(value);
  }

  std::uint64_t dynamic_section() {
    const std::uint64_t at = out_.size();
    for (const auto& needed : image_.needed) {
      tag(1, name(needed.name));
    }
    if (!image_.name.empty()) {
      tag(14, name(image_.name));
    }
    if (!image_.rpath.empty()) {
      tag(15, name(joined(image_.rpath)));
    }
    if (!image_.runpath.empty()) {
      tag(29, name(joined(image_.runpath)));
    }
    tag(4, kBase + hash_at_);
    tag(5, kBase + strings_at_);
    tag(6, kBase + symbols_at_);
    tag(10, string_bytes_);
    tag(11, wide() ? 24 : 16);
    if (image_.kind == binary::Kind::Program) {
      tag(0x6FFFFFFB, 0x08000000);  // DF_1_PIE
    }
    if (next_index_ > 2) {
      tag(0x6FFFFFF0, kBase + versions_at_);
    }
    if (!image_.wanted_versions.empty()) {
      tag(0x6FFFFFFE, kBase + wanted_at_);
      tag(0x6FFFFFFF, image_.wanted_versions.size());
    }
    if (!image_.defined_versions.empty()) {
      tag(0x6FFFFFFC, kBase + defined_at_);
      tag(0x6FFFFFFD, image_.defined_versions.size() + 1);
    }
    tag(0, 0);
    return at;
  }

  const Image& image_;
  const Symbols& symbols_;
  std::string_view text_;
  Octets out_;
  Octets versions_;
  std::map<std::string, std::uint64_t> names_;
  std::map<std::string, std::uint16_t> index_of_;
  std::uint16_t next_index_ = 2;
  std::uint64_t strings_at_ = 0, string_bytes_ = 0, symbols_at_ = 0, versions_at_ = 0, hash_at_ = 0,
                wanted_at_ = 0, defined_at_ = 0;
};

}  // namespace

std::string write_elf(const Image& image, const Symbols& symbols, std::string_view text) {
  MEDIC_CHECK(image.bits == 32 || image.bits == 64);
  return ElfWriter(image, symbols, text).write();
}

}  // namespace medic::test
