// With the name the handshake fails without naming the reason; without it, it finishes.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const Observation* cure = clues.observed("without-sni");
  if (handshake == nullptr || cure == nullptr ||
      std::holds_alternative<evidence::Completed>(handshake->outcome)) {
    return {};
  }
  const auto* alert = std::get_if<evidence::AlertReceived>(&handshake->outcome);
  if (alert != nullptr && alert->code == 112) {
    return {};
  }
  Match found = match_from(clues, *cure);
  found.subject = clues.bench.name();
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_sni_none_only{.id = "sni-none-only", .match = match};

}  // namespace medic::diagnose
