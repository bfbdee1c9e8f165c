#include "settings/plist_binary.h"

#include <fmt/core.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "settings/document.h"
#include "settings/sink.h"

namespace medic::settings {
namespace {

constexpr std::string_view kMagic = "bplist00";
constexpr std::size_t kTrailerBytes = 32;
// Objects may be referred to many times over, so the file's size does not bound the walk.
constexpr std::size_t kMaxVisits = 200'000;

class BinaryPlist {
 public:
  BinaryPlist(Sink& sink, std::string_view bytes) : sink_(&sink), bytes_(bytes) {}

  void read() {
    if (bytes_.size() < kMagic.size() + kTrailerBytes) {
      sink_->report(0, "syntax", "cut");
      return;
    }
    const std::size_t trailer = bytes_.size() - kTrailerBytes;
    offset_bytes_ = static_cast<unsigned char>(bytes_[trailer + 6]);
    reference_bytes_ = static_cast<unsigned char>(bytes_[trailer + 7]);
    object_count_ = number(trailer + 8, 8);
    const std::uint64_t top = number(trailer + 16, 8);
    table_ = number(trailer + 24, 8);
    const bool sane = offset_bytes_ >= 1 && offset_bytes_ <= 8 && reference_bytes_ >= 1 &&
                      reference_bytes_ <= 8 && table_ <= trailer &&
                      object_count_ <= (trailer - table_) / offset_bytes_;
    if (!sane) {
      sink_->report(0, "syntax", "trailer");
      return;
    }
    object(top);
    if (!ok_) {
      sink_->report(0, "syntax", "object");
    }
  }

 private:
  std::uint64_t number(std::uint64_t at, std::uint64_t count) {
    if (count > 8 || at > bytes_.size() || count > bytes_.size() - at) {
      ok_ = false;
      return 0;
    }
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      value = (value << 8U) | static_cast<unsigned char>(bytes_[at + i]);
    }
    return value;
  }

  // The length of a string, array, … and where its content begins.
  std::uint64_t length(std::uint64_t& at) {
    const std::uint64_t small = number(at++, 1) & 0x0FU;
    if (small != 0x0F) {
      return small;
    }
    const std::uint64_t marker = number(at++, 1);
    const std::uint64_t count = std::uint64_t{1} << (marker & 0x03U);
    const std::uint64_t value = number(at, count);
    at += count;
    return value;
  }

  std::string string_at(std::uint64_t index, bool& is_string) {
    std::uint64_t at = offset_of(index);
    const std::uint64_t kind = number(at, 1) >> 4U;
    is_string = ok_ && (kind == 0x5 || kind == 0x6);
    if (!is_string) {
      return {};
    }
    const std::uint64_t count = length(at);
    const std::uint64_t unit = kind == 0x6 ? 2 : 1;  // UTF-16, big-endian
    if (!ok_ || at > bytes_.size() || count > (bytes_.size() - at) / unit) {
      ok_ = false;
      return {};
    }
    if (unit == 1) {
      return std::string(bytes_.substr(at, count));
    }
    std::string text;
    to_utf8("\xFE\xFF" + std::string(bytes_.substr(at, count * 2)), text);
    return text;
  }

  std::uint64_t offset_of(std::uint64_t index) {
    if (index >= object_count_) {
      ok_ = false;
      return 0;
    }
    return number(table_ + index * offset_bytes_, offset_bytes_);
  }

  void leaf(std::string value, ValueKind kind) {
    ok_ = sink_->add({.path = path_, .value = std::move(value), .kind = kind}) && ok_;
  }

  void object(std::uint64_t index) {
    if (++visits_ > kMaxVisits || path_.size() > kMaxDepth) {
      sink_->report(0, "limit", "more objects than are read");
      stopped_ = true;
    }
    bool is_string = false;
    std::string text = stopped_ ? std::string() : string_at(index, is_string);
    if (!ok_ || stopped_ || sink_->full()) {
      return;
    }
    if (is_string) {
      leaf(std::move(text), ValueKind::String);
      return;
    }
    const std::uint64_t at = offset_of(index);
    const std::uint64_t marker = number(at, 1);
    switch (marker >> 4U) {
      case 0x0:
        simple(marker);
        break;
      case 0x1: {
        const auto value = number(at + 1, std::uint64_t{1} << (marker & 0x03U));
        leaf(fmt::format("{}", std::bit_cast<std::int64_t>(value)), ValueKind::Number);
        break;
      }
      case 0xA:
        list(at);
        break;
      case 0xD:
        dictionary(at);
        break;
      default:  // real, date, data: no setting of a TLS client is one
        leaf({}, ValueKind::Unknown);
        break;
    }
  }

  void simple(std::uint64_t marker) {
    if (marker == 0x08 || marker == 0x09) {
      leaf(marker == 0x09 ? "true" : "false", ValueKind::Boolean);
    } else {
      leaf({}, ValueKind::Null);
    }
  }

  void list(std::uint64_t at) {
    const std::uint64_t count = length(at);
    if (count == 0) {
      leaf({}, ValueKind::Empty);
    }
    for (std::uint64_t i = 0; i < count && ok_ && !stopped_; ++i) {
      path_.push_back(std::to_string(i));
      object(number(at + i * reference_bytes_, reference_bytes_));
      path_.pop_back();
    }
  }

  void dictionary(std::uint64_t at) {
    const std::uint64_t count = length(at);
    if (count == 0) {
      leaf({}, ValueKind::Empty);
    }
    if (count > bytes_.size()) {
      ok_ = false;
      return;
    }
    for (std::uint64_t i = 0; i < count && ok_ && !stopped_; ++i) {
      bool is_string = false;
      const std::uint64_t key = number(at + i * reference_bytes_, reference_bytes_);
      path_.push_back(string_at(key, is_string));
      ok_ = ok_ && is_string;
      if (ok_) {
        object(number(at + (count + i) * reference_bytes_, reference_bytes_));
      }
      path_.pop_back();
    }
  }

  Sink* sink_;
  std::string_view bytes_;
  std::uint64_t offset_bytes_ = 0, reference_bytes_ = 0, object_count_ = 0, table_ = 0;
  std::vector<std::string> path_;
  std::size_t visits_ = 0;
  bool ok_ = true;
  bool stopped_ = false;
};

}  // namespace

bool is_binary_plist(std::string_view bytes) {
  return bytes.starts_with(kMagic);
}

void read_binary_plist(Sink& sink, std::string_view bytes) {
  BinaryPlist(sink, bytes).read();
}

}  // namespace medic::settings
