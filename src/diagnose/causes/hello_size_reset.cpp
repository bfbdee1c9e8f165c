// A large hello is lost twice, a small one passes: something on the path cannot take two segments.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("classical-hello");
  return cure != nullptr ? std::vector{match_from(clues, *cure)} : std::vector<Match>{};
}

}  // namespace

extern constinit const Cause cause_hello_size_reset{.id = "hello-size-reset", .match = match};

}  // namespace medic::diagnose
