// To the name the server answers with an alert; without it, it finishes and the certificate is
// good.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const Observation* cure = clues.observed("without-sni");
  if (handshake == nullptr || cure == nullptr || !cure->all_pass ||
      !std::holds_alternative<evidence::AlertReceived>(handshake->outcome)) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.subject = clues.bench.name();
  found.instead_of = {"sni-unrecognized"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_sni_none_only{.id = "sni-none-only", .match = match};

}  // namespace medic::diagnose
