// The anchor itself is past its notAfter: not the server's to change.

#include "diagnose/cause.h"

namespace medic::diagnose {
namespace {

std::vector<Match> match(const Clues& clues) {
  const Observation* cure = clues.observed("inside-validity");
  if (cure == nullptr || clues.observed("server-clock") != nullptr) {
    return {};
  }
  for (const std::size_t cell : cure->relieved) {
    for (const verify::Fault& fault : clues.matrix[cell].faults) {
      if (fault.id == "expired" && fault.certificate == verify::Place::Root) {
        Match found = match_from(clues, *cure);
        found.subject = fault.subject;
        found.fingerprint = fault.fingerprint;
        for (const auto& [name, value] : fault_facts(fault)) {
          found.facts.insert_or_assign(name, value);
        }
        found.instead_of = {"expired-certificate"};
        return {std::move(found)};
      }
    }
  }
  return {};
}

}  // namespace

extern constinit const Cause cause_expired_root{.id = "expired-root", .match = match};

}  // namespace medic::diagnose
