// The roots compiled into this program lead there; the store this client reads does not hold them
// yet.

#include <algorithm>

#include "diagnose/client_rows.h"

namespace medic::diagnose {
namespace {

// A client whose store is no old list of public roots, on a system that trusts the root: it reads
// another store, which is another cause.
bool reads_elsewhere(const Clues& clues, std::size_t cell) {
  const evidence::ClientFacts* client = client_of(clues.bench, clues.matrix[cell]);
  if (client == nullptr || !client->old_edition.empty()) {
    return false;
  }
  return std::ranges::any_of(clues.all("other-store"), [&](const Observation* other) {
    return other->subject == "system" &&
           std::ranges::find(other->relieved, cell) != other->relieved.end();
  });
}

std::vector<Match> match(const Clues& clues) {
  for (const Observation* other : clues.all("other-store")) {
    if (other->subject != "mozilla") {
      continue;
    }
    Match found = match_from(clues, *other);
    std::erase_if(found.explains, [&](std::size_t cell) { return reads_elsewhere(clues, cell); });
    if (found.explains.empty()) {
      return {};
    }
    add_other_clients(clues, found);
    found.instead_of = {"private-ca-not-trusted"};  // a public root is no private one
    return {std::move(found)};
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_stale_ca_bundle{.id = "stale-ca-bundle", .match = match};

}  // namespace medic::diagnose
