#pragma once

// What causes about installed clients share.

#include <string_view>
#include <vector>

#include "diagnose/cause.h"

namespace medic::diagnose {

// The installed client of a row; null for a profile's.
const evidence::ClientFacts* client_of(const Bench& bench, const Cell& cell);
// Its problem with this cause, or null.
const evidence::ClientProblem* problem_of(const Bench& bench, const Cell& cell,
                                          std::string_view cause);
// Matches of "working-runtime" for this cause.
std::vector<Match> match_runtime(const Clues& clues, std::string_view cause);
// Says of a match about stores which client accepts what these refuse, and by which certificate:
// the proofs of "other-client" that are about its cells, the first few.
void add_other_clients(const Clues& clues, Match& match);

}  // namespace medic::diagnose
