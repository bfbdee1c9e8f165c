// The re-signing CA is in the system's store: the machine's owner put it there, this client does
// not look there.

#include "diagnose/client_rows.h"
#include "diagnose/interception.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  if (!system_trusts_resigner(clues)) {
    return {};
  }
  std::vector<Match> found = match_interception(clues);
  for (Match& match : found) {
    add_other_clients(clues, match);
  }
  return found;
}

}  // namespace

extern constinit const Cause cause_interception_trusted_by_system{
    .id = "interception-trusted-by-system", .match = match};

}  // namespace medic::diagnose
