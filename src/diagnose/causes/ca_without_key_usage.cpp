// A CA certificate without the key usage extension (RFC 5280 section 4.2.1.3).

#include "diagnose/strict.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  return match_strict(clues, "missing-key-usage");
}

}  // namespace

extern constinit const Cause cause_ca_without_key_usage{.id = "ca-without-key-usage",
                                                        .match = match};

}  // namespace medic::diagnose
