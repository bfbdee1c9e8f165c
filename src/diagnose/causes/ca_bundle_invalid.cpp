// A setting of an installed client names a file or directory in which no certificate can be read.
// Proven when the client accepts the chain with the store it reads without that setting.

#include "diagnose/broken_setting.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_broken_setting(clues,
                              [](std::string_view trouble) { return trouble == "no-certificate"; });
}

}  // namespace

extern constinit const Cause cause_ca_bundle_invalid{.id = "ca-bundle-invalid", .match = match};

}  // namespace medic::diagnose
