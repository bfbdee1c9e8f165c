// The re-signing CA is in no store of this machine: nobody here vouches for it.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* through = main_handshake(clues);
  const Observation* direct = clues.observed("around-proxy");
  if (direct == nullptr || through == nullptr || direct->handshake == nullptr ||
      through->chain.empty() || direct->handshake->chain.empty() ||
      direct->handshake->chain.front() == through->chain.front()) {
    return {};
  }
  bool system_trusts = false;
  for (const Observation* other : clues.all("other-store")) {
    system_trusts = system_trusts || other->subject == "system";
  }
  const auto chain = clues.bench.chain(*through);
  if (chain.empty() || system_trusts != false) {
    return {};
  }
  Match found = match_from(clues, *direct);
  add_certificate_facts(found.facts, *chain.back());
  found.facts["issuer"] = escaped(chain.back()->issuer.display());
  found.subject = found.facts["issuer"];
  found.fingerprint = chain.back()->fingerprint;
  found.instead_of = {"private-ca-not-trusted", "trust-store-not-consulted"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_interception_untrusted{.id = "interception-untrusted",
                                                          .match = match};

}  // namespace medic::diagnose
