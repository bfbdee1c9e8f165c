// The first bytes of the answer are no TLS record: what they are is seen, not guessed.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* other =
      handshake != nullptr ? std::get_if<evidence::NotTls>(&handshake->outcome) : nullptr;
  if (other == nullptr) {
    return {};
  }
  Match found{.explains = cells_with(clues.matrix, "wrong-version-number"),
              .party = catalogue::Party::Either,
              .facts = clues.common_facts()};
  found.facts["protocol"] =
      other->protocol == "unknown" ? escaped(other->first_bytes, 32) : other->protocol;
  found.subject = found.facts["address"];
  if (const Observation* seen = clues.observed("first-bytes")) {
    found.proof = {seen};
  }
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_plaintext_on_tls_port{.id = "plaintext-on-tls-port",
                                                         .match = match};

}  // namespace medic::diagnose
