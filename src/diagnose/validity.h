#pragma once

// What the causes about validity share: a fault that another instant relieves, while the server's
// clock agrees with this machine's.

#include <optional>
#include <string_view>
#include <vector>

#include "diagnose/cause.h"

namespace medic::diagnose {

// One match for the first such fault; at any certificate when `place` is none.
std::vector<Match> match_validity(const Clues& clues, std::string_view fault,
                                  std::optional<verify::Place> place);

}  // namespace medic::diagnose
