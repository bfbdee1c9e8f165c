// The server's newest version is TLS 1.0.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("version-floor");
  return cure != nullptr && cure->subject == "1.0" ? std::vector{match_from(clues, *cure)}
                                                   : std::vector<Match>{};
}

}  // namespace

extern constinit const Cause cause_server_only_tls10{.id = "server-only-tls10", .match = match};

}  // namespace medic::diagnose
