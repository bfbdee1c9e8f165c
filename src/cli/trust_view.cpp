#include "cli/trust_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/bytes.h"
#include "x509/digest.h"

namespace medic::cli {

std::string sha1_text(const x509::Certificate& certificate) {
  return hex(x509::sha1(certificate.der));
}

std::vector<HeldRoot> held_roots(const clients::Inventory& inventory) {
  std::map<Sha256, HeldRoot> all;
  for (const clients::StoreRecord& store : inventory.stores) {
    if (store.anchors == nullptr) {
      continue;
    }
    for (const trust::Anchor& anchor : store.anchors->all()) {
      HeldRoot& root = all[anchor.certificate->fingerprint];
      root.certificate = anchor.certificate;
      root.holders.push_back({.store = &store, .place = anchor.place});
    }
  }
  std::vector<HeldRoot> roots;
  roots.reserve(all.size());
  for (auto& [fingerprint, root] : all) {
    roots.push_back(std::move(root));
  }
  std::ranges::stable_sort(
      roots, {}, [](const HeldRoot& root) { return root.certificate->subject.display(); });
  return roots;
}

Result<std::vector<HeldRoot>> roots_named(std::vector<HeldRoot> roots, std::string_view text) {
  constexpr std::size_t kFewestDigits = 8;
  std::string digits;
  for (const char c : text) {
    if (c != ':' && c != ' ' && c != '-') {
      digits.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
    }
  }
  const bool hexadecimal = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hexadecimal || digits.size() < kFewestDigits) {
    return fail(ErrorKind::Usage, fmt::format("'{}' is no fingerprint", escaped(text, 96)),
                "at least eight hexadecimal digits of a SHA-256 or SHA-1 fingerprint are needed",
                "tlsmedic trust list");
  }
  std::erase_if(roots, [&](const HeldRoot& root) {
    return !hex(root.certificate->fingerprint).starts_with(digits) &&
           !sha1_text(*root.certificate).starts_with(digits);
  });
  return roots;
}

}  // namespace medic::cli
