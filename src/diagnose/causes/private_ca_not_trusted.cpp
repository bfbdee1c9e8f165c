// The chain is sound up to a CA that this client's store does not hold. Proven when a store of this
// machine does hold it, or when the root itself was sent or fetched and trusting it is all it
// takes.

#include "catalogue/vendors.h"
#include "diagnose/client_rows.h"

namespace medic::diagnose {
namespace {

bool recognised(const Observation& top) {
  return !top.certificates.empty() &&
         catalogue::recognise(top.certificates.back()->issuer.text()).has_value();
}

// A store of this machine holds the CA; `top`, when there, says which certificate it is.
Match held_elsewhere(const Clues& clues, const Observation& other, const Observation* top) {
  Match found = match_from(clues, other);
  if (top == nullptr) {
    return found;
  }
  found.facts["ca"] = top->facts.contains("ca") ? top->facts.at("ca") : top->subject;
  found.subject = found.facts["ca"];
  if (!top->certificates.empty()) {
    found.fingerprint = top->certificates.front()->fingerprint;
    add_certificate_facts(found.facts, *top->certificates.front());
  }
  return found;
}

std::vector<Match> match(const Clues& clues) {
  const Observation* top = clues.observed("trust-top");
  if (clues.observed("around-proxy") != nullptr || clues.observed("trust-leaf") != nullptr ||
      (top != nullptr && recognised(*top))) {
    return {};
  }
  for (const Observation* other : clues.all("other-store")) {
    // A public root that an old bundle lacks is stale-ca-bundle; an expired one is no question of
    // trust.
    if (other->subject != "mozilla" && other->before.find("expired") == std::string::npos) {
      Match found = held_elsewhere(clues, *other, top);
      add_other_clients(clues, found);
      return {std::move(found)};
    }
  }
  const bool elsewhere = clues.observed("other-store") != nullptr;
  if (top == nullptr || top->certificates.empty() || elsewhere) {
    return {};
  }
  Match found = match_from(clues, *top);
  found.certainty =
      top->certificates.front()->self_issued() ? Certainty::Proven : Certainty::Suspected;
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_private_ca_not_trusted{.id = "private-ca-not-trusted",
                                                          .match = match};

}  // namespace medic::diagnose
