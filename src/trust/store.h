#pragma once

// A trust store as it lies on a disk, read whole: which certificates in it are anchors, which stand
// there without trust or on purpose as not trusted, and what is wrong with it. anchors.h is the
// other view, for verifying: lazy, and without a word about the container.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "trust/anchors.h"

namespace medic::trust {

// What a problem costs the clients that read the store.
enum class Weight {
  Note,   // nothing today
  Entry,  // the entry it names is not used, at least by some clients
  Store,  // some clients use nothing of the store
};

struct StoreProblem {
  std::string id;  // its sentence is "store.<id>" in data/messages
  Weight weight = Weight::Entry;
  std::string place;  // "line 41", "alias corp", "5ad8a5d6.0"; empty: the whole store
  std::map<std::string, std::string, std::less<>> facts;  // what the sentence has placeholders for
};

struct Store {
  std::string format;              // id of what read it: "pem", "der", "pkcs7", "jks", "nss", ...
  std::vector<Anchor> anchors;     // trusted to issue for TLS servers
  std::vector<Anchor> untrusted;   // there, but no trust is given: NSS ",,", a chain beside a key
  std::vector<Anchor> distrusted;  // there to be refused: a blocklist, NSS "p,,"
  std::vector<StoreProblem> problems;

  // At most this many; a file of a million broken blocks is told by its first ones.
  static constexpr std::size_t kMaxProblems = 200;
  void report(StoreProblem problem) {
    if (problems.size() < kMaxProblems) {
      problems.push_back(std::move(problem));
    }
  }
  [[nodiscard]] bool has(std::string_view problem) const {
    for (const StoreProblem& one : problems) {
      if (one.id == problem) {
        return true;
      }
    }
    return false;
  }
};

struct StoreOptions {
  // Tried on a keystore before the passwords that keystores come with.
  std::optional<std::string> password;
};

// The larger stores: a JDK's cacerts is 180 KB, a Firefox profile's cert9.db 300 KB.
inline constexpr std::size_t kMaxStoreBytes = std::size_t{32} << 20U;

// Reads a store of any kind by its content, never by its name. Never fails: what nobody can read is
// a store without anchors and with a problem. `path` is only written down.
Store read_store(ByteView bytes, const std::string& path, const StoreOptions& options = {});

// What depends on the time and on the certificates themselves: expired, not yet valid, no CA, weak,
// the same one twice. Added to `store.problems`.
void check_anchors(Store& store, Time at);

}  // namespace medic::trust
