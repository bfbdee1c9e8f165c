#include <fmt/core.h>

#include <algorithm>

#include "trust/store_format.h"
#include "x509/pem.h"

// p11-kit's own text format, as "trust anchor --store" and the distributions' ca-certificates write
// it: objects that begin with [p11-kit-object-v1], "key: value" lines, and PEM blocks as values.

namespace medic::trust {
namespace {

constexpr std::string_view kObject = "[p11-kit-object-v1]";

bool recognised(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  const std::size_t at = text.find(kObject);
  // A PEM bundle with the words somewhere inside is no such file: only comments may come before.
  return at != std::string_view::npos &&
         text.substr(0, at).find("-----BEGIN") == std::string_view::npos &&
         text.substr(0, at).find('\0') == std::string_view::npos;
}

// "true" when the object has the line "<key>: true".
bool is_true(std::string_view object, std::string_view key) {
  std::size_t at = 0;
  while (at < object.size()) {
    const std::size_t end = std::min(object.find('\n', at), object.size());
    std::string_view line = object.substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.starts_with(key) && line.substr(key.size()).starts_with(": true")) {
      return true;
    }
  }
  return false;
}

void read_object(std::string_view object, std::size_t line, const std::string& path, Store& store) {
  const bool refused = is_true(object, "x-distrusted");
  const bool trusted = is_true(object, "trusted");
  std::vector<Anchor> Store::* const list = refused   ? &Store::distrusted
                                            : trusted ? &Store::anchors
                                                      : &Store::untrusted;
  x509::PemScanner scanner(object);
  while (const auto block = scanner.next()) {
    if (block->label != "CERTIFICATE" && block->label != "TRUSTED CERTIFICATE") {
      continue;
    }
    const std::string place =
        fmt::format("line {}", line + x509::line_of(object, block->offset) - 1);
    const Result<Bytes> der = x509::decode_pem_body(block->body);
    if (!block->ended || !der) {
      store.report({.id = block->ended ? "not-base64" : "cut-block",
                    .weight = Weight::Entry,
                    .place = place,
                    .facts = {{"reason", der ? std::string() : der.error().what}}});
      continue;
    }
    add_certificate(store, list, *der, path, place);
  }
}

void read(ByteView bytes, const std::string& path, const StoreOptions& /*options*/, Store& store) {
  const std::string_view text = as_text(bytes);
  std::size_t at = text.find(kObject);
  std::size_t line = 1;
  std::size_t counted = 0;
  while (at != std::string_view::npos) {
    const std::size_t next = text.find(kObject, at + kObject.size());
    line +=
        static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                            text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted = at;
    read_object(text.substr(at, next == std::string_view::npos ? next : next - at), line, path,
                store);
    at = next;
  }
}

}  // namespace

extern constinit const StoreFormat store_format_p11_kit{
    .id = "p11-kit",
    .source = "p11-kit trust/persist.c; trust(1)",
    .recognised = recognised,
    .read = read,
};

}  // namespace medic::trust
