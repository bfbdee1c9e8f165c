// Something resets the connection as soon as a ClientHello passes, again and again.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* closed =
      handshake != nullptr ? std::get_if<evidence::Closed>(&handshake->outcome) : nullptr;
  if (closed == nullptr || !closed->reset || closed->phase != evidence::Phase::Handshake) {
    return {};
  }
  // Who reset it cannot be seen from one end: the server or a box before it.
  return {{.explains = cells_with(clues.matrix, "connection-reset-in-handshake"),
           .certainty = Certainty::Suspected,
           .facts = clues.common_facts(),
           .alternatives = {"firewall-or-dpi-reset", "sni-misconfigured-server"}}};
}

}  // namespace

extern constinit const Cause cause_reset_after_hello{.id = "reset-after-hello", .match = match};

}  // namespace medic::diagnose
