#pragma once

// How old a set of anchors is, told by its content: which edition of Mozilla's list it is nearest
// to (data/roots/editions.txt), which roots that matter it lacks or should no longer have, and
// which certificates are in no public list, as a company's own CA is.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "trust/anchors.h"

namespace medic::trust {

struct PublicRoot {
  std::string name;
  std::string operated_by;  // empty: not one of data/roots/landmarks.toml
  std::string not_after;    // "2021-09-30"
  Sha256 fingerprint{};
};

struct Dating {
  enum class Match {
    None,      // no public root at all
    Partial,   // fewer than half of the nearest edition
    Near,      // between editions, or edited by hand
    Extended,  // exactly an edition, and local certificates
    Exact,     // exactly an edition
  };
  Match match = Match::None;
  std::string edition;  // the nearest: "2023-07-22"; empty when there is no public root
  std::size_t edition_size = 0;
  std::size_t public_roots = 0;  // of the set, each once
  std::size_t missing = 0;       // of the nearest edition
  std::size_t surplus = 0;       // public roots that the nearest edition does not have
  // The edition in which its youngest root appears first: the set was not made before that.
  std::string not_before;
  bool newest_edition = false;  // the nearest is the newest that we know

  std::vector<PublicRoot> lacks;       // needed today
  std::vector<PublicRoot> expired;     // still carried, past their end
  std::vector<PublicRoot> distrusted;  // still carried, removed for cause
  std::size_t withdrawn = 0;       // carried, and not in the newest edition (both above included)
  std::vector<std::size_t> local;  // places in `anchors` of what no public list has
  // Somebody put a local CA in the place of the public roots, where adding it was meant.
  [[nodiscard]] bool replaced() const {
    return !local.empty() && public_roots * 2 < edition_size_now;
  }
  std::size_t edition_size_now = 0;  // of the newest edition
};

Dating date_anchors(std::span<const Anchor> anchors);

// Whether any edition, or the list in this program, has it.
bool is_public_root(const Sha256& fingerprint);

std::string_view match_id(Dating::Match match);  // "exact", "extended", "near", "partial", "none"

// The embedded tables, for tests: what is wrong with them, nothing when all is well.
std::vector<std::string> dating_table_problems();

}  // namespace medic::trust
