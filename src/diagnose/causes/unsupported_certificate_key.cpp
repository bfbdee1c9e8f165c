// The server's certificate has a key of a kind that this client does not offer to check.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* seen = clues.observed("certificate-key-allowed");
  if (seen == nullptr) {
    return {};
  }
  Match found = match_from(clues, *seen);
  found.facts["algorithm"] = seen->subject;
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_unsupported_certificate_key{.id = "unsupported-certificate-key",
                                                               .match = match};

}  // namespace medic::diagnose
