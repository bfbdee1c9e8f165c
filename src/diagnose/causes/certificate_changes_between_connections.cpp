// Two connections to one address got different certificates, and only one of them is good.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* other = clues.observed("other-connection");
  if (other == nullptr) {
    return {};
  }
  Match found = match_from(clues, *other);
  found.severity = Severity::Error;
  // What is wrong with the bad certificate is for the one who finds the machine that has it.
  found.instead_of = {"expired-leaf",          "expired-certificate",
                      "hostname-mismatch",     "hostname-mismatch-wrong-certificate",
                      "self-signed-server",    "self-signed-ca-as-leaf",
                      "private-ca-not-trusted"};
  return {std::move(found)};
}

}  // namespace

extern constinit const Cause cause_certificate_changes_between_connections{
    .id = "certificate-changes-between-connections", .match = match};

}  // namespace medic::diagnose
