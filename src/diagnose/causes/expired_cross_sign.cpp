// An expired cross-certificate is on the path that some clients take, and another path is valid.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

// Sent, expired and not needed: a warning for what old clients make of it.
std::vector<Match> not_needed(const Clues& clues) {
  const Observation* around = clues.observed("other-path");
  if (around == nullptr || !clues.cross_signed(around->certificates.front()->fingerprint)) {
    return {};
  }
  Match found = match_from(clues, *around);
  found.severity = Severity::Warning;
  // The OpenSSL and GnuTLS projects' own statements on 2020-05-30 (AddTrust) and 2021-09-30 (DST
  // X3).
  found.facts["clients"] = "OpenSSL 1.0, GnuTLS < 3.6.14";
  return {std::move(found)};
}

std::vector<Match> match(const Clues& clues) {
  if (std::vector<Match> warning = not_needed(clues); !warning.empty()) {
    return warning;
  }
  const Observation* cure = clues.observed("inside-validity");
  if (cure == nullptr || clues.observed("server-clock") != nullptr) {
    return {};
  }
  for (const std::size_t cell : cure->relieved) {
    for (const verify::Fault& fault : clues.matrix[cell].faults) {
      if (fault.id != "expired" || !fault.fingerprint || !clues.cross_signed(*fault.fingerprint)) {
        continue;
      }
      Match found = match_from(clues, *cure);
      found.subject = fault.subject;
      found.fingerprint = fault.fingerprint;
      for (const auto& [name, value] : fault_facts(fault)) {
        found.facts.insert_or_assign(name, value);
      }
      found.instead_of = {"expired-intermediate", "expired-certificate"};
      return {std::move(found)};
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_expired_cross_sign{.id = "expired-cross-sign", .match = match};

}  // namespace medic::diagnose
