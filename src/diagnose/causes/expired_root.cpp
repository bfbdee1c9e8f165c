// The anchor itself is past its notAfter: not the server's to change.

#include "diagnose/validity.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> found = match_validity(clues, "expired", verify::Place::Root);
  for (Match& m : found) {
    m.instead_of = {"expired-certificate"};
  }
  return found;
}

}  // namespace

extern constinit const Cause cause_expired_root{.id = "expired-root", .match = match};

}  // namespace medic::diagnose
