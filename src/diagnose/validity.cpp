#include "diagnose/validity.h"

#include <utility>

namespace medic::diagnose {

std::vector<Match> match_validity(const Clues& clues, std::string_view fault_id,
                                  std::optional<verify::Place> place) {
  const Observation* cure = clues.observed("inside-validity");
  if (cure == nullptr || clues.observed("server-clock") != nullptr) {
    return {};
  }
  for (const std::size_t cell : cure->relieved) {
    for (const verify::Fault& fault : clues.matrix[cell].faults) {
      if (fault.id == fault_id && (!place || fault.certificate == *place)) {
        Match found = match_from(clues, *cure);
        found.subject = fault.subject;
        found.fingerprint = fault.fingerprint;
        for (const auto& [name, value] : fault_facts(fault)) {
          found.facts.insert_or_assign(name, value);
        }
        return {std::move(found)};
      }
    }
  }
  return {};
}

}  // namespace medic::diagnose
