#pragma once

// What the causes about strict clients share: rules of RFC 5280 that only some clients demand.

#include <string_view>
#include <vector>

#include "diagnose/cause.h"

namespace medic::diagnose {

// A match for one such rule: a fault "profile-violation" whose detail ends in ".<detail>", proven
// by leaving the strictness off. The party follows from where the certificate stands: what a store
// of this machine holds is this machine's, what was sent is the server's.
std::vector<Match> match_strict(const Clues& clues, std::string_view detail);

// Who must act about a certificate at this place.
catalogue::Party party_of(verify::Place place);

}  // namespace medic::diagnose
