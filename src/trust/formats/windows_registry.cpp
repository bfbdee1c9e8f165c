#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "trust/cursor.h"
#include "trust/store_format.h"

// Certificates of a Windows registry export (regedit, "reg export"): keys
//   ...\SystemCertificates\<store>\Certificates\<SHA-1>  with the value "Blob"=hex:03,00,...
// A blob is a row of properties: id, 1, length (little-endian, four octets each) and the octets;
// the certificate is property 32. Only ROOT and AuthRoot hold anchors; Disallowed holds what is
// refused.

namespace medic::trust {
namespace {

constexpr std::uint32_t kCertificateProperty = 32;  // CERT_CERT_PROP_ID of wincrypt.h
constexpr std::string_view kHead5 = "Windows Registry Editor Version 5.00";
constexpr std::string_view kHead4 = "REGEDIT4";

bool is_utf16(ByteView bytes) {
  return bytes.size() >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE;
}

// Names and hexadecimal digits are ASCII; anything else becomes '?'.
std::string narrowed(ByteView bytes) {
  if (!is_utf16(bytes)) {
    std::string_view text = as_text(bytes);
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) {
      text.remove_prefix(kByteOrderMark.size());
    }
    return std::string(text);
  }
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
    text.push_back(bytes[i + 1] == 0 && bytes[i] < 0x80 ? static_cast<char>(bytes[i]) : '?');
  }
  return text;
}

bool recognised(ByteView bytes) {
  const std::string head = narrowed(bytes.first(std::min<std::size_t>(bytes.size(), 96)));
  return head.starts_with(kHead5) || head.starts_with(kHead4);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// The list for a key, or none when the key is no certificate of a store we know.
std::vector<Anchor> Store::* list_of(const std::string& key) {
  constexpr std::string_view kStores = "\\systemcertificates\\";
  const std::size_t at = key.find(kStores);
  if (at == std::string::npos) {
    return nullptr;
  }
  const std::string_view rest = std::string_view(key).substr(at + kStores.size());
  if (rest.find("\\certificates\\") == std::string_view::npos) {
    return nullptr;
  }
  if (rest.starts_with("root\\") || rest.starts_with("authroot\\")) {
    return &Store::anchors;
  }
  return rest.starts_with("disallowed\\") ? &Store::distrusted : &Store::untrusted;
}

class Export {
 public:
  Export(std::string text, const std::string& path, Store& store)
      : text_(std::move(text)), path_(&path), store_(&store) {}

  void read() {
    while (at_ < text_.size()) {
      const std::size_t first = line_ + 1;
      const std::string line = joined_line();
      if (line.starts_with('[') && line.ends_with(']')) {
        key_ = lower(line.substr(1, line.size() - 2));
      } else if (lower(line.substr(0, 11)).starts_with("\"blob\"=hex:")) {
        blob(std::string_view(line).substr(11), first);
      }
    }
    if (store_->anchors.empty() && store_->problems.empty()) {
      store_->report({.id = "no-anchors", .weight = Weight::Store});
    }
  }

 private:
  // A logical line: one that ends in a back slash goes on in the next, without its blanks.
  std::string joined_line() {
    std::string line;
    bool more = true;
    while (more && at_ < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view part(text_.data() + at_, end - at_);
      at_ = end + 1;
      ++line_;
      if (part.ends_with('\r')) {
        part.remove_suffix(1);
      }
      more = part.ends_with('\\');
      part.remove_suffix(more ? 1 : 0);
      const std::size_t start = part.find_first_not_of(" \t");
      line += start == std::string_view::npos ? std::string_view() : part.substr(start);
    }
    return line;
  }

  void blob(std::string_view digits, std::size_t line) {
    std::vector<Anchor> Store::* const list = list_of(key_);
    if (list == nullptr) {
      return;
    }
    const std::string place = fmt::format("line {}", line);
    std::string plain(digits);
    std::erase(plain, ',');
    const Result<Bytes> octets = parse_hex(plain);
    if (!octets) {
      store_->report({.id = "registry-blob", .weight = Weight::Entry, .place = place});
      return;
    }
    Cursor cursor(*octets);
    while (cursor.ok() && !cursor.at_end()) {
      const std::uint32_t id = cursor.little_u32();
      cursor.little_u32();
      const ByteView value = cursor.take(cursor.little_u32());
      if (cursor.ok() && id == kCertificateProperty) {
        add_certificate(*store_, list, value, *path_, place);
        return;
      }
    }
    store_->report({.id = "registry-blob", .weight = Weight::Entry, .place = place});
  }

  std::string text_;
  const std::string* path_;
  Store* store_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;  // lines read so far
  std::string key_;       // lower case
};

void read(ByteView bytes, const std::string& path, const StoreOptions& /*options*/, Store& store) {
  Export(narrowed(bytes), path, store).read();
}

}  // namespace

extern constinit const StoreFormat store_format_windows_registry{
    .id = "windows-registry",
    .source = "MS-GPEF section 2.2.2 (certificate blobs); wincrypt.h",
    .recognised = recognised,
    .read = read,
};

}  // namespace medic::trust
