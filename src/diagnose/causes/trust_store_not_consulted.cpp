// An installed client refuses what the system's store would accept: it reads another one. Proven by
// judging it with the system's store.

#include <algorithm>

#include "diagnose/client_rows.h"

namespace medic::diagnose {
namespace {

const Observation* with_system_store(const Clues& clues) {
  for (const Observation* other : clues.all("other-store")) {
    const bool client = std::ranges::any_of(
        other->relieved, [&](std::size_t cell) { return !clues.matrix[cell].client.empty(); });
    if (other->subject == "system" && client &&
        other->before.find("expired") == std::string::npos) {
      return other;
    }
  }
  return nullptr;
}

// An old list of public roots, where the root is a public one: stale-ca-bundle.
bool only_old(const Clues& clues, std::size_t cell) {
  const evidence::ClientFacts* client = client_of(clues.bench, clues.matrix[cell]);
  return client != nullptr && !client->old_edition.empty() &&
         std::ranges::any_of(clues.all("other-store"), [&](const Observation* other) {
           return other->subject == "mozilla" &&
                  std::ranges::find(other->relieved, cell) != other->relieved.end();
         });
}

std::vector<Match> match(const Clues& clues) {
  const Observation* system = with_system_store(clues);
  if (system == nullptr || clues.observed("repaired-setting") != nullptr) {
    return {};
  }
  Match found = match_from(clues, *system);
  std::erase_if(found.explains, [&](std::size_t cell) {
    return clues.matrix[cell].client.empty() || only_old(clues, cell);
  });
  if (found.explains.empty()) {
    return {};
  }
  found.facts["clients"] = client_families(clues.matrix, found.explains);
  add_other_clients(clues, found);
  if (!found.facts.contains("ca")) {
    const Observation* top = clues.observed("trust-top");
    const bool named = top != nullptr && top->facts.contains("ca");
    found.facts["ca"] = named ? top->facts.at("ca") : top != nullptr ? top->subject : "?";
  }
  found.instead_of = {"private-ca-not-trusted"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_trust_store_not_consulted{.id = "trust-store-not-consulted",
                                                             .match = match};

}  // namespace medic::diagnose
