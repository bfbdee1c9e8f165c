// The re-signing CA is in the system's store: the machine's owner put it there, this client does
// not look there.

#include "diagnose/interception.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return system_trusts_resigner(clues) ? match_interception(clues) : std::vector<Match>{};
}

}  // namespace

extern constinit const Cause cause_interception_trusted_by_system{
    .id = "interception-trusted-by-system", .match = match};

}  // namespace medic::diagnose
