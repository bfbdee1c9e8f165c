#include <fmt/core.h>

#include "trust/store_format.h"
#include "x509/pkcs12_certificates.h"

namespace medic::trust {
namespace {

using x509::Pkcs12Certificates;

// Opened with the first password that fits, else with none: whatever is not encrypted is read.
Result<Pkcs12Certificates> opened(ByteView bytes, const StoreOptions& options) {
  Result<Pkcs12Certificates> best = fail(ErrorKind::Bug, "no password to try");
  for (const std::string& password : candidate_passwords(options)) {
    Result<Pkcs12Certificates> one = x509::read_pkcs12_certificates(bytes, password);
    if (!one) {
      return one;
    }
    const bool open = one->closed == Pkcs12Certificates::Closed::No;
    if (open && (one->integrity_checked || !one->has_integrity)) {
      return one;
    }
    if (!best || (open && best->closed != Pkcs12Certificates::Closed::No)) {
      best = std::move(one);
    }
  }
  return best;
}

void read(ByteView bytes, const std::string& path, const StoreOptions& options, Store& store) {
  const Result<Pkcs12Certificates> found = opened(bytes, options);
  if (!found) {
    store.report(
        {.id = "keystore-cut", .weight = Weight::Store, .place = escaped(found.error().what, 128)});
    return;
  }
  std::size_t number = 0;
  for (const auto& one : found->certificates) {
    ++number;
    const std::string place = one.alias.empty() ? fmt::format("certificate {}", number)
                                                : fmt::format("alias {}", escaped(one.alias, 128));
    add_certificate(store, one.trusted_by_java ? &Store::anchors : &Store::untrusted, one.der, path,
                    place);
  }
  if (found->closed == Pkcs12Certificates::Closed::OldCipher) {
    store.report({.id = "keystore-old-cipher", .weight = Weight::Note});
  } else if (found->closed == Pkcs12Certificates::Closed::WrongPassphrase) {
    store.report({.id = "keystore-password", .weight = Weight::Note});
  } else if (found->has_integrity && !found->integrity_checked) {
    store.report({.id = "keystore-digest", .weight = Weight::Note});
  } else if (store.anchors.empty()) {
    store.report({.id = store.untrusted.empty() ? "no-anchors" : "pkcs12-without-trust",
                  .weight = Weight::Store});
  }
}

}  // namespace

extern constinit const StoreFormat store_format_pkcs12{
    .id = "pkcs12",
    .source = "RFC 7292; OpenJDK sun.security.pkcs12.PKCS12KeyStore",
    .recognised = x509::is_pkcs12,
    .read = read,
};

}  // namespace medic::trust
