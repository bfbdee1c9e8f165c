// The server asks for a client certificate and refuses; its complaint changes when one is shown.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* shown = clues.observed("with-client-certificate");
  if (shown == nullptr) {
    return {};
  }
  Match found = match_from(clues, *shown);
  found.subject = clues.bench.name();
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_client_certificate_missing{.id = "client-certificate-missing",
                                                              .match = match};

}  // namespace medic::diagnose
