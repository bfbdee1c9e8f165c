// The re-signing CA is in no store of this machine: nobody here vouches for it.

#include "diagnose/interception.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return system_trusts_resigner(clues) ? std::vector<Match>{} : match_interception(clues);
}

}  // namespace

extern constinit const Cause cause_interception_untrusted{.id = "interception-untrusted",
                                                          .match = match};

}  // namespace medic::diagnose
