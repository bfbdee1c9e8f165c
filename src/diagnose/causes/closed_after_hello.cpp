// The peer closes the connection as soon as a ClientHello arrives, again and again.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* closed =
      handshake != nullptr ? std::get_if<evidence::Closed>(&handshake->outcome) : nullptr;
  if (closed == nullptr || closed->reset || closed->phase != evidence::Phase::Handshake ||
      clues.observed("starttls") != nullptr) {
    return {};
  }
  return {{.explains = cells_with(clues.matrix, "unexpected-eof"),
           .certainty = Certainty::Suspected,
           .facts = clues.common_facts(),
           .alternatives = {"firewall-or-dpi-reset", "sni-misconfigured-server"}}};
}

}  // namespace

extern constinit const Cause cause_closed_after_hello{.id = "closed-after-hello", .match = match};

}  // namespace medic::diagnose
