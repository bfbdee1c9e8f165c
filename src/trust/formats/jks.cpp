#include "trust/jks.h"

#include <fmt/core.h>

#include <string>

#include "trust/cursor.h"
#include "trust/store_format.h"

// Java's own keystores. Numbers are big-endian; text is a length of two octets and modified UTF-8:
//   magic, version (1 or 2), count, entries, SHA-1 over password, "Mighty Aphrodite" and the rest.
// JCEKS differs by its magic and has secret keys, which are serialised Java objects of no stated
// length: nothing after one can be read without a Java deserialiser.

namespace medic::trust {
namespace {

bool recognised(ByteView bytes) {
  Cursor cursor(bytes);
  const std::uint32_t magic = cursor.u32();
  return cursor.ok() && (magic == kJksMagic || magic == kJceksMagic);
}

class Reader {
 public:
  Reader(ByteView bytes, const std::string& path, Store& store)
      : cursor_(bytes), path_(&path), store_(&store) {}

  void run(const StoreOptions& options, ByteView bytes) {
    cursor_.u32();
    version_ = cursor_.u32();
    const std::uint32_t count = cursor_.u32();
    if (!cursor_.ok() || (version_ != 1 && version_ != 2)) {
      stop("header");
      return;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!entry(i)) {
        return;
      }
    }
    check_digest(bytes, options);
  }

 private:
  std::string text() { return std::string(as_text(cursor_.take(cursor_.u16()))); }

  void stop(const std::string& place) {
    store_->report({.id = "keystore-cut", .weight = Weight::Store, .place = place});
  }

  void certificate(std::vector<Anchor> Store::* list, const std::string& place) {
    const std::string type = version_ == 2 ? text() : std::string("X.509");
    const ByteView der = cursor_.take(cursor_.u32());
    if (!cursor_.ok()) {
      return;
    }
    if (type == "X.509" || type == "X509") {
      add_certificate(*store_, list, der, *path_, place);
    } else {
      store_->report({.id = "not-a-certificate",
                      .weight = Weight::Entry,
                      .place = place,
                      .facts = {{"reason", "its type is '" + escaped(type, 32) + "'"}}});
    }
  }

  bool entry(std::uint32_t index) {
    const auto kind = static_cast<JksEntry>(cursor_.u32() & 0xFFU);
    const std::string alias = escaped(text(), 128);
    cursor_.take(8);  // milliseconds since 1970
    const std::string place =
        cursor_.ok() ? fmt::format("alias {}", alias) : fmt::format("entry {}", index + 1);
    switch (kind) {
      case JksEntry::TrustedCertificate:
        certificate(&Store::anchors, place);
        break;
      case JksEntry::PrivateKey: {
        cursor_.take(cursor_.u32());
        const std::uint32_t chain = cursor_.u32();
        for (std::uint32_t i = 0; i < chain && cursor_.ok(); ++i) {
          certificate(&Store::untrusted, place);
        }
        break;
      }
      case JksEntry::SecretKey:
        store_->report({.id = "keystore-secret-key", .weight = Weight::Entry, .place = place});
        return false;
      default:
        stop(place);
        return false;
    }
    if (!cursor_.ok()) {
      stop(place);
    }
    return cursor_.ok();
  }

  void check_digest(ByteView bytes, const StoreOptions& options) {
    const std::size_t body = cursor_.at();
    if (bytes.size() - body != kJksDigestOctets) {
      stop("digest");
      return;
    }
    for (const std::string& password : candidate_passwords(options)) {
      if (as_text(jks_digest(bytes.first(body), password)) == as_text(bytes.subspan(body))) {
        return;
      }
    }
    store_->report({.id = "keystore-digest", .weight = Weight::Note});
  }

  Cursor cursor_;
  const std::string* path_;
  Store* store_;
  std::uint32_t version_ = 0;
};

void read(ByteView bytes, const std::string& path, const StoreOptions& options, Store& store) {
  if (Cursor(bytes).u32() == kJceksMagic) {
    store.format = "jceks";
  }
  Reader(bytes, path, store).run(options, bytes);
  if (store.anchors.empty() && store.problems.empty()) {
    store.report({.id = "no-anchors", .weight = Weight::Store});
  }
}

}  // namespace

extern constinit const StoreFormat store_format_jks{
    .id = "jks",
    .source = "OpenJDK sun.security.provider.JavaKeyStore, com.sun.crypto.provider.JceKeyStore",
    .recognised = recognised,
    .read = read,
};

}  // namespace medic::trust
