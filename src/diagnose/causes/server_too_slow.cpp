// The handshake finishes when it is given more time, or it had begun and did not end.

#include <fmt/core.h>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  if (const Observation* cure = clues.observed("longer-deadline")) {
    return {match_from(clues, *cure)};
  }
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* late =
      handshake != nullptr ? std::get_if<evidence::TimedOut>(&handshake->outcome) : nullptr;
  if (late == nullptr || late->phase == evidence::Phase::Connect) {
    return {};
  }
  Match found{.explains = cells_with(clues.matrix, "handshake-timeout"),
              .certainty = Certainty::Suspected,
              .facts = clues.common_facts(),
              .alternatives = {"firewall-or-dpi-reset"}};
  found.facts["seconds"] = fmt::format("{}", (late->after.count() + 999) / 1000);
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_server_too_slow{.id = "server-too-slow", .match = match};

}  // namespace medic::diagnose
