#include "explain/code_page.h"

#include <iconv.h>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace medic::explain {
namespace {

// Windows' ANSI code pages of the languages that its messages are known in (data/signatures).
constexpr std::array<const char*, 6> kCodePages = {"CP949",  "GB18030", "CP932",
                                                   "CP1252", "CP1251",  "BIG5"};

// No byte of a code page becomes more bytes of UTF-8 than this.
constexpr std::size_t kLongest = 4;

// How many bytes the UTF-8 sequence at the beginning of `text` takes (RFC 3629 4); 0: it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) {
      return 0;
    }
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool beyond = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return overlong || beyond ? 0 : length;
}

// A converter of the C library; closed when dropped.
class Converter {
 public:
  explicit Converter(const char* code_page) : descriptor_(iconv_open("UTF-8", code_page)) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  Converter(Converter&&) = delete;
  Converter& operator=(Converter&&) = delete;
  ~Converter() {
    if (works()) {
      iconv_close(descriptor_);
    }
  }

  // NOLINTNEXTLINE(performance-no-int-to-ptr,cppcoreguidelines-pro-type-cstyle-cast): POSIX says so
  [[nodiscard]] bool works() const { return descriptor_ != reinterpret_cast<iconv_t>(-1); }

  // Bytes that the code page lacks are dropped: a log may hold several.
  std::string utf8(std::string_view text) {
    std::string input(text);
    std::string out(text.size() * kLongest, '\0');
    char* from = input.data();
    std::size_t left = input.size();
    char* to = out.data();
    std::size_t room = out.size();
    while (left > 0 &&
           iconv(descriptor_, &from, &left, &to, &room) == static_cast<std::size_t>(-1)) {
      if (left == 0 || room < kLongest) {
        break;
      }
      ++from;
      --left;
    }
    out.resize(out.size() - room);
    return out;
  }

 private:
  iconv_t descriptor_;
};

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

std::span<const char* const> code_pages() {
  return kCodePages;
}

std::optional<std::string> read_as(const char* code_page, std::string_view text) {
  Converter converter(code_page);
  return converter.works() ? std::optional(converter.utf8(text)) : std::nullopt;
}

}  // namespace medic::explain
