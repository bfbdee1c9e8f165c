// The runtime of an installed client has no TLS module. Proven when nothing else stands in the way.

#include "diagnose/client_rows.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_runtime(clues, "ssl-module-broken");
}

}  // namespace

extern constinit const Cause cause_ssl_module_broken{.id = "ssl-module-broken", .match = match};

}  // namespace medic::diagnose
