// With the name there is a reset or silence, under another name or none the handshake finishes.

#include <algorithm>
#include <variant>

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

// A server that minds a name says so with an alert or closes in order; a filter does neither.
bool cut_off(const evidence::Handshake& h) {
  if (const auto* closed = std::get_if<evidence::Closed>(&h.outcome)) {
    return closed->reset && closed->phase == evidence::Phase::Handshake;
  }
  const auto* late = std::get_if<evidence::TimedOut>(&h.outcome);
  return late != nullptr && late->phase == evidence::Phase::Handshake && h.bytes_received == 0;
}

// A connection that fails now and then would look the same with one try.
bool ever_finished(const Clues& clues, const evidence::Handshake& first) {
  return std::ranges::any_of(clues.bench.all_observed(), [&](const evidence::Handshake* other) {
    return other->spec.sni == first.spec.sni &&
           std::holds_alternative<evidence::Completed>(other->outcome);
  });
}

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  if (handshake == nullptr || !cut_off(*handshake) || ever_finished(clues, *handshake)) {
    return {};
  }
  std::vector<Match> matches;
  for (const std::string_view experiment : {"without-sni", "other-sni"}) {
    if (const Observation* cure = clues.observed(experiment)) {
      if (matches.empty()) {
        matches.push_back(match_from(clues, *cure));
        matches.front().subject = clues.bench.name();
        matches.front().instead_of = {"reset-after-hello", "server-silent", "server-too-slow"};
      } else {
        matches.front().proof.push_back(cure);
      }
    }
  }
  return matches;
}

}  // namespace

extern constinit const Cause cause_name_blocked_on_path{.id = "name-blocked-on-path",
                                                        .match = match};

}  // namespace medic::diagnose
