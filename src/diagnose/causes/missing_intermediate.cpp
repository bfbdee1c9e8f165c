// Fires only when adding an issuer turned a missing path into a found one: a short chain alone
// proves nothing, because a root may sign leaves directly.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> matches;
  for (const std::string_view experiment : {"add-aia-issuer", "add-local-issuer"}) {
    const Observation* cure = clues.observed(experiment);
    if (cure == nullptr || cure->certificates.empty()) {
      continue;
    }
    Match found = match_from(clues, *cure);
    const x509::Certificate& missing = *cure->certificates.front();
    found.facts["issuer"] = escaped(missing.subject.display());
    found.facts["subject"] = found.facts["host"];
    const evidence::Handshake* handshake = main_handshake(clues);
    if (handshake != nullptr) {
      for (const x509::CertificatePtr& sent : clues.bench.chain(*handshake)) {
        if (sent->issuer.canonical == missing.subject.canonical) {
          found.facts["subject"] = escaped(sent->subject.display());
        }
      }
    }
    matches.push_back(std::move(found));
    break;
  }
  return matches;
}

}  // namespace

extern constinit const Cause cause_missing_intermediate{.id = "missing-intermediate",
                                                        .match = match};

}  // namespace medic::diagnose
