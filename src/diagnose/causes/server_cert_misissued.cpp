// A rule of the path that has no finer cause stands in the way, alone.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  for (const std::string_view fault : {"missing-key-usage", "bad-signature"}) {
    std::vector<Match> found = match_rule(clues, fault);
    if (!found.empty()) {
      return found;
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_server_cert_misissued{.id = "server-cert-misissued",
                                                         .match = match};

}  // namespace medic::diagnose
