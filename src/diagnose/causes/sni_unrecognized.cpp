// The server refuses the name with an alert, and answers when it is not sent (or another one is).

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

// The alert by which it refused, or none.
std::optional<std::uint8_t> name_alert(const evidence::Handshake& h) {
  if (const auto* alert = std::get_if<evidence::AlertReceived>(&h.outcome)) {
    return alert->code;
  }
  for (const evidence::Alert& alert : h.alerts) {
    if (!alert.sent && alert.code == 112) {
      return alert.code;
    }
  }
  return std::nullopt;
}

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto code = handshake != nullptr ? name_alert(*handshake) : std::nullopt;
  if (code != 112) {
    return {};
  }
  const bool warning = std::holds_alternative<evidence::Completed>(handshake->outcome);
  for (const std::string_view experiment : {"without-sni", "other-sni"}) {
    if (const Observation* cure = clues.observed(experiment)) {
      Match found = match_from(clues, *cure);
      found.subject = clues.bench.name();
      found.facts["alert"] = evidence::alert_name(*code);
      if (warning) {
        found.severity = Severity::Warning;
      }
      return {std::move(found)};
    }
  }
  // RFC 6066 section 3: this alert has one meaning, and no other name is served here.
  Match found{.explains = cells_with(clues.matrix, "alert-unrecognized-name"),
              .subject = clues.bench.name(),
              .facts = clues.common_facts()};
  found.facts["alert"] = evidence::alert_name(*code);
  if (warning) {
    found.severity = Severity::Warning;
  }
  if (const Observation* seen = clues.observed("name-alert")) {
    found.proof = {seen};
  }
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_sni_unrecognized{.id = "sni-unrecognized", .match = match};

}  // namespace medic::diagnose
