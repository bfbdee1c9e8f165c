#pragma once

// From matches to findings: what is stated, in which order, and what stays unexplained.

#include "diagnose/diagnosis.h"

namespace medic::diagnose {

// Asks every registered cause and keeps what says most: a cause is dropped when another one names
// it in `instead_of`, or is its child and explains the same cells.
std::vector<Finding> stated_findings(const Clues& clues);

// Failing cells that none of these explains.
std::vector<std::size_t> unexplained_cells(const Matrix& matrix,
                                           const std::vector<Finding>& findings);

// What a fault may mean when no experiment decided: one suspected finding per kind of fault, with
// the alternatives and never a proof.
std::vector<Finding> suspected_findings(const Clues& clues,
                                        const std::vector<std::size_t>& unexplained);

// Errors first, then proven before suspected, then by the number of cells explained.
void rank(std::vector<Finding>& findings);

}  // namespace medic::diagnose
