#include "trust/store.h"

#include <fmt/core.h>

#include <map>

#include "trust/sources.h"
#include "trust/store_format.h"

namespace medic::trust {
namespace {

// Anchors of one store; the largest public one, Microsoft's, has about 550.
constexpr std::size_t kMaxAnchors = 20000;

std::string name_of(const Anchor& anchor) {
  return escaped(anchor.certificate->subject.display(), 64);
}

void check_one(Store& store, const Anchor& anchor, Time at) {
  const x509::Certificate& certificate = *anchor.certificate;
  const auto add = [&](std::string_view id, Weight weight,
                       std::map<std::string, std::string, std::less<>> facts = {}) {
    facts.emplace("name", name_of(anchor));
    store.report({.id = std::string(id),
                  .weight = weight,
                  .place = anchor.place,
                  .facts = std::move(facts)});
  };
  if (at > certificate.not_after) {
    add("anchor-expired", Weight::Entry, {{"date", iso_date(certificate.not_after)}});
  }
  if (at < certificate.not_before) {
    add("anchor-not-yet-valid", Weight::Entry, {{"date", iso_date(certificate.not_before)}});
  }
  // OpenSSL takes a self-issued version 1 certificate for a CA: old roots are such.
  const bool old_root = certificate.version == 1 && certificate.self_issued();
  if (!old_root && !(certificate.basic_constraints && certificate.basic_constraints->ca)) {
    add("anchor-is-no-ca", Weight::Entry);
  } else if (!certificate.self_issued()) {
    add("anchor-is-intermediate", Weight::Entry);
  }
  if (certificate.public_key.type == x509::KeyType::Rsa && certificate.public_key.bits != 0 &&
      certificate.public_key.bits < 2048) {
    add("anchor-key-small", Weight::Entry, {{"bits", std::to_string(certificate.public_key.bits)}});
  }
}

}  // namespace

void add_certificate(Store& store, std::vector<Anchor> Store::* list, ByteView der,
                     const std::string& path, const std::string& place) {
  if (store.anchors.size() + store.untrusted.size() + store.distrusted.size() >= kMaxAnchors) {
    if (!store.has("too-many")) {
      store.report({.id = "too-many",
                    .weight = Weight::Note,
                    .place = place,
                    .facts = {{"count", std::to_string(kMaxAnchors)}}});
    }
    return;
  }
  Result<x509::CertificatePtr> certificate = x509::parse_certificate(der);
  if (!certificate) {
    store.report({.id = "not-a-certificate",
                  .weight = Weight::Entry,
                  .place = place,
                  .facts = {{"reason", certificate.error().what}}});
    return;
  }
  (store.*list).push_back({.certificate = *std::move(certificate), .source = path, .place = place});
}

std::vector<std::string> candidate_passwords(const StoreOptions& options) {
  std::vector<std::string> passwords;
  if (options.password) {
    passwords.push_back(*options.password);
  }
  passwords.insert(passwords.end(), {"changeit", "", "changeme"});
  return passwords;
}

Store read_store(ByteView bytes, const std::string& path, const StoreOptions& options) {
  Store store;
  if (bytes.size() > kMaxStoreBytes) {
    store.format = "unknown";
    store.report({.id = "too-large",
                  .weight = Weight::Store,
                  .facts = {{"bytes", std::to_string(bytes.size())}}});
    return store;
  }
  for (const StoreFormat* format : store_format_registry()) {
    if (format->recognised(bytes)) {
      store.format = format->id;
      format->read(bytes, path, options, store);
      return store;
    }
  }
  read_certificate_file(bytes, path, store);
  return store;
}

void check_anchors(Store& store, Time at) {
  std::map<Sha256, const Anchor*> first;
  const std::vector<Anchor> anchors = store.anchors;
  for (const Anchor& anchor : anchors) {
    check_one(store, anchor, at);
    const auto [known, added] = first.emplace(anchor.certificate->fingerprint, &anchor);
    if (!added) {
      store.report({.id = "duplicate",
                    .weight = Weight::Note,
                    .place = anchor.place,
                    .facts = {{"name", name_of(anchor)}, {"other", where(*known->second)}}});
    }
  }
}

}  // namespace medic::trust
