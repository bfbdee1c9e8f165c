// The server refuses the client certificate that was shown.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const evidence::Handshake* handshake = main_handshake(clues);
  const auto* alert =
      handshake != nullptr ? std::get_if<evidence::AlertReceived>(&handshake->outcome) : nullptr;
  if (alert == nullptr || !handshake->client_certificate_requested ||
      !handshake->spec.client_certificate) {
    return {};
  }
  Match found{.certainty = Certainty::Suspected,
              .facts = clues.common_facts(),
              .alternatives = {"no-shared-cipher"}};
  // RFC 8446 section 6.2: these alerts are about the certificate we sent.
  for (const std::string_view fault :
       {"alert-unknown-ca", "alert-bad-certificate", "alert-other", "alert-handshake-failure"}) {
    const auto cells = cells_with(clues.matrix, fault);
    found.explains.insert(found.explains.end(), cells.begin(), cells.end());
  }
  found.facts["alert"] = evidence::alert_name(alert->code);
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_client_cert_problem{.id = "client-cert-problem", .match = match};

}  // namespace medic::diagnose
