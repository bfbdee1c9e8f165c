#include "binary/image.h"

#include <optional>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "binary/formats.h"

namespace medic::binary {
namespace {

constexpr std::size_t kShownBytes = 8;

std::unexpected<Error> not_ours(ByteView bytes) {
  const ByteView shown = bytes.first(std::min(bytes.size(), kShownBytes));
  return fail(ErrorKind::Data, "neither ELF nor PE nor Mach-O: '" + escaped(as_text(shown)) + "'");
}

}  // namespace

std::string_view format_id(Format format) {
  switch (format) {
    case Format::Elf:
      return "elf";
    case Format::Pe:
      return "pe";
    case Format::MachO:
      return "mach-o";
  }
  return {};
}

std::optional<Format> format_of(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  if (text.starts_with("\x7F"
                       "ELF")) {
    return Format::Elf;
  }
  if (text.starts_with("MZ")) {
    return Format::Pe;
  }
  if (is_macho(bytes)) {
    return Format::MachO;
  }
  return std::nullopt;
}

Result<File> read(ByteView bytes) {
  const std::optional<Format> format = format_of(bytes);
  if (!format) {
    return not_ours(bytes);
  }
  if (*format == Format::MachO) {
    return read_macho(bytes);
  }
  MEDIC_TRY(Image image, *format == Format::Elf ? read_elf(bytes) : read_pe(bytes));
  File file{.format = *format, .images = {}};
  file.images.push_back(std::move(image));
  return file;
}

Result<Symbols> read_symbols(ByteView bytes, std::string_view architecture) {
  const std::optional<Format> format = format_of(bytes);
  if (!format) {
    return not_ours(bytes);
  }
  switch (*format) {
    case Format::Elf:
      return read_elf_symbols(bytes);
    case Format::Pe:
      return read_pe_symbols(bytes);
    case Format::MachO:
      return read_macho_symbols(bytes, architecture);
  }
  return not_ours(bytes);
}

}  // namespace medic::binary
