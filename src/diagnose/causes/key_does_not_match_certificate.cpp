// The proof of possession in the handshake does not verify with the key of the certificate shown.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* refused =
      handshake != nullptr ? std::get_if<evidence::RefusedByUs>(&handshake->outcome) : nullptr;
  if (refused == nullptr || refused->reason.find("bad signature") == std::string::npos) {
    return {};
  }
  Match found{.explains = cells_with(clues.matrix, "key-or-cert-mismatch"),
              .facts = clues.common_facts()};
  const auto chain = clues.bench.chain(*handshake);
  if (!chain.empty()) {
    add_certificate_facts(found.facts, *chain.front());
    found.subject = escaped(chain.front()->subject.display());
    found.fingerprint = chain.front()->fingerprint;
  }
  if (const Observation* seen = clues.observed("possession-check")) {
    found.proof = {seen};
  }
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_key_does_not_match_certificate{
    .id = "key-does-not-match-certificate", .match = match};

}  // namespace medic::diagnose
