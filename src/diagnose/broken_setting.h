#pragma once

// What the causes about unusable CA settings share.

#include <string_view>
#include <vector>

#include "diagnose/cause.h"

namespace medic::diagnose {

// One match for each setting whose trouble `fits` and whose removal cured a client.
std::vector<Match> match_broken_setting(const Clues& clues, bool (*fits)(std::string_view trouble));

}  // namespace medic::diagnose
