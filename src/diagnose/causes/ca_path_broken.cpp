// A setting of an installed client names CA certificates that are not there. Proven when the client
// accepts the chain with the store it reads without that setting.

#include "diagnose/broken_setting.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_broken_setting(clues,
                              [](std::string_view trouble) { return trouble != "no-certificate"; });
}

}  // namespace

extern constinit const Cause cause_ca_path_broken{.id = "ca-path-broken", .match = match};

}  // namespace medic::diagnose
