#include "diagnose/strict.h"

#include <algorithm>

namespace medic::diagnose {
namespace {

const verify::Fault* first_of(const Clues& clues, const std::vector<std::size_t>& cells,
                              std::string_view detail) {
  for (const std::size_t cell : cells) {
    for (const verify::Fault& fault : clues.matrix[cell].faults) {
      if (fault.id == "profile-violation" && fault.detail.ends_with(detail)) {
        return &fault;
      }
    }
  }
  return nullptr;
}

}  // namespace

catalogue::Party party_of(verify::Place place) {
  return place == verify::Place::Root ? catalogue::Party::Client : catalogue::Party::Server;
}

std::vector<Match> match_strict(const Clues& clues, std::string_view detail) {
  std::vector<Match> matches = match_rule_detail(clues, "profile-violation", detail);
  for (Match& match : matches) {
    if (const Observation* lenient = clues.observed("strictness-off")) {
      match.proof.insert(match.proof.begin(), lenient);
    }
    if (const verify::Fault* fault = first_of(clues, match.explains, detail)) {
      match.party = party_of(fault->certificate);
    }
  }
  return matches;
}

}  // namespace medic::diagnose
