#include "diagnose/interception.h"

#include <algorithm>
#include <utility>

#include "catalogue/vendors.h"

namespace medic::diagnose {

const Observation* resigning(const Clues& clues) {
  if (const Observation* minted = clues.observed("minted-name")) {
    return minted;
  }
  const Observation* direct = clues.observed("around-proxy");
  const evidence::Handshake* through = main_handshake(clues);
  const bool other_chain = direct != nullptr && through != nullptr && !through->chain.empty() &&
                           direct->handshake != nullptr && !direct->handshake->chain.empty() &&
                           direct->handshake->chain.front() != through->chain.front();
  return other_chain ? direct : nullptr;
}

bool system_trusts_resigner(const Clues& clues) {
  return std::ranges::any_of(clues.all("other-store"),
                             [](const Observation* other) { return other->subject == "system"; });
}

std::vector<Match> match_interception(const Clues& clues) {
  const Observation* proof = resigning(clues);
  const evidence::Handshake* through = main_handshake(clues);
  if (proof == nullptr || through == nullptr) {
    return {};
  }
  const auto chain = clues.bench.chain(*through);
  if (chain.empty()) {
    return {};
  }
  const x509::Certificate& top = *chain.back();
  Match found = match_from(clues, *proof);
  add_certificate_facts(found.facts, top);
  found.facts["issuer"] = escaped(top.issuer.display());
  found.facts["ca"] = found.facts["issuer"];
  const auto vendor = catalogue::recognise(top.issuer.text());
  found.facts["vendor"] = vendor ? vendor->name : found.facts["ca"];
  found.subject = found.facts["ca"];
  found.fingerprint = top.fingerprint;
  found.instead_of = {"private-ca-not-trusted", "self-signed-server", "trust-store-not-consulted"};
  return {std::move(found)};
}

}  // namespace medic::diagnose
