// A certificate lacks the key identifier that links it to its issuer (RFC 5280 section 4.2.1.1).

#include "diagnose/strict.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  for (const std::string_view rule :
       {"missing-authority-key-identifier", "missing-subject-key-identifier"}) {
    std::vector<Match> found = match_strict(clues, rule);
    if (!found.empty()) {
      return found;
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_missing_authority_key_identifier{
    .id = "missing-authority-key-identifier", .match = match};

}  // namespace medic::diagnose
