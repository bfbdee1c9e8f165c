// The issuer has withdrawn the certificate, says its OCSP answer or its CRL.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  std::vector<Match> matches;
  for (const Observation* seen : clues.all("check-revocation")) {
    Match found = match_from(clues, *seen);
    // Most clients on Linux never ask; the certificate is withdrawn all the same.
    found.severity = Severity::Error;
    matches.push_back(std::move(found));
  }
  return matches;
}

}  // namespace

extern constinit const Cause cause_revoked_certificate{.id = "revoked-certificate", .match = match};

}  // namespace medic::diagnose
