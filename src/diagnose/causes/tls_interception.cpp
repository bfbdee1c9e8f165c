// Somebody on the way re-signs; where the proof is missing, a vendor's name in the issuer is only a
// suspicion.

#include <utility>

#include "catalogue/vendors.h"
#include "diagnose/interception.h"

namespace medic::diagnose {
namespace {

std::vector<Match> suspected(const Clues& clues) {
  const Observation* top = clues.observed("trust-top");
  if (top == nullptr || top->certificates.empty()) {
    return {};
  }
  const auto vendor = catalogue::recognise(top->certificates.back()->issuer.text());
  if (!vendor) {
    return {};
  }
  Match found = match_from(clues, *top);
  found.certainty = Certainty::Suspected;
  found.facts["vendor"] = vendor->name;
  found.alternatives = {"private-ca-not-trusted"};
  return {std::move(found)};
}

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> proven = match_interception(clues);
  return proven.empty() ? suspected(clues) : proven;
}

}  // namespace

extern constinit const Cause cause_tls_interception{.id = "tls-interception", .match = match};

}  // namespace medic::diagnose
