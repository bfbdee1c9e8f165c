#include <fmt/core.h>
#include <sqlite3.h>

#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include "trust/store_format.h"

// NSS's cert9.db: an SQLite file with one table, nssPublic, whose rows are PKCS#11 objects and
// whose columns are named "a" and the attribute's number in hexadecimal. A certificate (class 1)
// and what it is trusted for (class 0xCE534353, or CKO_TRUST of PKCS#11 3.2) are two rows, joined
// by issuer and serial number. Numbers are four octets, big-endian. Nothing public is encrypted; a
// password only signs the trust rows, and that signature is not checked here.

namespace medic::trust {
namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
// Steps of SQLite's machine, by thousands, before a query is given up: a profile takes about ten.
constexpr int kStepsPerCheck = 1000;
constexpr int kMaxChecks = 5000;
constexpr int kMaxValueOctets = 1 << 20;

constexpr std::uint32_t kNssTrustedDelegator = 0xCE534352;
constexpr std::uint32_t kNssNotTrusted = 0xCE53435A;
constexpr std::uint32_t kTrustAnchor = 2;  // CKT_TRUST_ANCHOR, PKCS#11 3.2
constexpr std::uint32_t kNotTrusted = 3;

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

bool recognised(ByteView bytes) {
  return as_text(bytes).starts_with(kMagic);
}

int give_up(void* checks) {
  return ++*static_cast<int*>(checks) > kMaxChecks ? 1 : 0;
}

// The bytes are copied into memory that SQLite owns; the file itself is never opened, so no journal
// beside it is replayed.
Database open_copy(ByteView bytes, int* checks) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(
      ":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK) {
    return nullptr;
  }
  sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, kMaxValueOctets);
  sqlite3_limit(raw, SQLITE_LIMIT_SQL_LENGTH, 1 << 16);
  sqlite3_limit(raw, SQLITE_LIMIT_VDBE_OP, 1 << 16);
  sqlite3_limit(raw, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_progress_handler(raw, kStepsPerCheck, give_up, checks);
  auto* const copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
  if (copy == nullptr) {
    return nullptr;
  }
  std::memcpy(copy, bytes.data(), bytes.size());
  // Octets 18 and 19 say 2 when a write-ahead log is in use; a copy in memory cannot have one.
  copy[18] = 1;
  copy[19] = 1;
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  // FREEONCLOSE: freed by SQLite even when this fails.
  return sqlite3_deserialize(raw, "main", copy, size, size,
                             SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) ==
                 SQLITE_OK
             ? std::move(database)
             : nullptr;
}

ByteView column(sqlite3_stmt* row, int index) {
  const void* const value = sqlite3_column_blob(row, index);
  const int octets = sqlite3_column_bytes(row, index);
  return value == nullptr || octets <= 0
             ? ByteView()
             : ByteView(static_cast<const std::uint8_t*>(value), static_cast<std::size_t>(octets));
}

std::uint32_t number(ByteView octets) {
  std::uint32_t value = 0;
  if (octets.size() != 4) {
    return 0;
  }
  for (const std::uint8_t octet : octets) {
    value = (value << 8U) | octet;
  }
  return value;
}

enum class Trust { None, Anchor, Refused };

class Reader {
 public:
  Reader(const std::string& path, Store& store) : path_(&path), store_(&store) {}

  void run(ByteView bytes) {
    const Database database = bytes.size() >= 100 ? open_copy(bytes, &checks_) : nullptr;
    if (!database) {
      stop("it is no SQLite database");
      return;
    }
    // Trust first. A database of before PKCS#11 3.2 has no column a62c: then only NSS's own.
    if (!read_trust(database.get(), "ace536358", "x'ce534353'")) {
      stop(sqlite3_errmsg(database.get()));
      return;
    }
    read_trust(database.get(), "a62c", "x'0000000b'");
    read_certificates(database.get());
  }

 private:
  using Key = std::pair<std::string, std::string>;  // issuer, serial number; DER

  void stop(const std::string& reason) {
    store_->report({.id = "database-damaged",
                    .weight = Weight::Store,
                    .facts = {{"reason", escaped(reason, 128)}}});
  }

  static Statement prepared(sqlite3* database, const std::string& query) {
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v2(database, query.c_str(), static_cast<int>(query.size()), &raw, nullptr);
    return Statement(raw);
  }

  bool read_trust(sqlite3* database, std::string_view attribute, std::string_view object_class) {
    const Statement rows = prepared(
        database,
        fmt::format("SELECT a81, a82, {} FROM nssPublic WHERE a0 = {}", attribute, object_class));
    if (!rows) {
      return false;
    }
    int state = SQLITE_ROW;
    while ((state = sqlite3_step(rows.get())) == SQLITE_ROW) {
      const Key key(as_text(column(rows.get(), 0)), as_text(column(rows.get(), 1)));
      const std::uint32_t value = number(column(rows.get(), 2));
      if (value == kNssTrustedDelegator || value == kTrustAnchor) {
        trust_.emplace(key, Trust::Anchor);
      } else if (value == kNssNotTrusted || value == kNotTrusted) {
        trust_.emplace(key, Trust::Refused);
      }
    }
    return state == SQLITE_DONE;
  }

  void read_certificates(sqlite3* database) {
    const Statement rows = prepared(
        database, "SELECT a3, a81, a82, a11 FROM nssPublic WHERE a0 = x'00000001' ORDER BY id");
    int state = SQLITE_ERROR;
    while (rows && (state = sqlite3_step(rows.get())) == SQLITE_ROW) {
      const std::string place =
          fmt::format("nickname {}", escaped(as_text(column(rows.get(), 0)), 128));
      const Key key(as_text(column(rows.get(), 1)), as_text(column(rows.get(), 2)));
      const auto trust = trust_.find(key);
      const Trust found = trust == trust_.end() ? Trust::None : trust->second;
      add_certificate(*store_,
                      found == Trust::Anchor    ? &Store::anchors
                      : found == Trust::Refused ? &Store::distrusted
                                                : &Store::untrusted,
                      column(rows.get(), 3), *path_, place);
    }
    if (state != SQLITE_DONE) {
      stop(sqlite3_errmsg(database));
    }
  }

  const std::string* path_;
  Store* store_;
  int checks_ = 0;
  std::map<Key, Trust> trust_;
};

void read(ByteView bytes, const std::string& path, const StoreOptions& /*options*/, Store& store) {
  Reader(path, store).run(bytes);
  for (const Anchor& anchor : store.untrusted) {
    if (anchor.certificate->basic_constraints && anchor.certificate->basic_constraints->ca &&
        anchor.certificate->self_issued()) {
      store.report({.id = "root-without-trust",
                    .weight = Weight::Entry,
                    .place = anchor.place,
                    .facts = {{"name", escaped(anchor.certificate->subject.display(), 64)}}});
    }
  }
}

}  // namespace

extern constinit const StoreFormat store_format_nss{
    .id = "nss",
    .source = "NSS lib/softoken/sdb.c and lib/util/pkcs11n.h; PKCS#11 3.2 section 4.17",
    .recognised = recognised,
    .read = read,
};

}  // namespace medic::trust
