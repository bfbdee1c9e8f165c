// Around the proxy another, sound chain is served for the same name: the proxy re-signs.

#include "catalogue/vendors.h"
#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* direct = clues.observed("around-proxy");
  const evidence::Handshake* through = main_handshake(clues);
  if (direct == nullptr || through == nullptr || through->chain.empty() ||
      direct->handshake == nullptr || direct->handshake->chain.empty() ||
      direct->handshake->chain.front() == through->chain.front()) {
    return {};
  }
  const auto chain = clues.bench.chain(*through);
  if (chain.empty()) {
    return {};
  }
  Match found = match_from(clues, *direct);
  add_certificate_facts(found.facts, *chain.back());
  found.facts["ca"] = escaped(chain.back()->issuer.display());
  found.facts["issuer"] = escaped(chain.front()->issuer.display());
  const auto vendor = catalogue::recognise(chain.back()->issuer.text());
  found.facts["vendor"] = vendor ? vendor->name : found.facts["ca"];
  found.subject = found.facts["ca"];
  found.fingerprint = chain.back()->fingerprint;
  found.instead_of = {"private-ca-not-trusted", "self-signed-server"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_tls_interception{.id = "tls-interception", .match = match};

}  // namespace medic::diagnose
