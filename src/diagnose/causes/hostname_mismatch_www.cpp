// The same name with or without www. is in the certificate.

#include <algorithm>

#include "diagnose/cause.h"
#include "diagnose/nearby_names.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("other-name");
  const std::vector<std::string> near = nearby_names(clues.bench.name());
  if (cure == nullptr || std::ranges::find(near, cure->subject) == near.end()) {
    return {};
  }
  return {match_from(clues, *cure)};
}

}  // namespace

extern constinit const Cause cause_hostname_mismatch_www{.id = "hostname-mismatch-www",
                                                         .match = match};

}  // namespace medic::diagnose
