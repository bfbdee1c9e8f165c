// The connection is open and not one byte comes back.

#include <fmt/core.h>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* late =
      handshake != nullptr ? std::get_if<evidence::TimedOut>(&handshake->outcome) : nullptr;
  if (late == nullptr || late->phase == evidence::Phase::Connect ||
      handshake->bytes_received != 0) {
    return {};
  }
  // A box that swallows the hello looks the same from here.
  Match found{.explains = cells_with(clues.matrix, "handshake-timeout"),
              .certainty = Certainty::Suspected,
              .facts = clues.common_facts(),
              .alternatives = {"firewall-or-dpi-reset"}};
  found.facts["seconds"] = fmt::format("{}", (late->after.count() + 999) / 1000);
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_server_silent{.id = "server-silent", .match = match};

}  // namespace medic::diagnose
