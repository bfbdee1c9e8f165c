// The system trusts the CA; the clients that fail read another store.

#include <algorithm>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  for (const Observation* other : clues.all("other-store")) {
    const bool passes_elsewhere = std::ranges::any_of(clues.matrix, [](const Cell& cell) {
      return cell.store == "system" && cell.verdict == CellVerdict::Pass;
    });
    if (other->subject != "system" || !passes_elsewhere ||
        other->before.find("expired") != std::string::npos) {
      continue;
    }
    Match found = match_from(clues, *other);
    if (const Observation* top = clues.observed("trust-top")) {
      found.facts["ca"] = top->facts.contains("ca") ? top->facts.at("ca") : top->subject;
      found.subject = found.facts["ca"];
    }
    found.instead_of = {"private-ca-not-trusted"};
    return {std::move(found)};
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_trust_store_not_consulted{.id = "trust-store-not-consulted",
                                                             .match = match};

}  // namespace medic::diagnose
