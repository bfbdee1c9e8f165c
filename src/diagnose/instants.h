#pragma once

// What the experiments with the clock share.

#include <optional>
#include <string_view>

#include "diagnose/experiment.h"

namespace medic::diagnose {

// The first fault about validity, or null.
const verify::Fault* validity_fault(const Matrix& now);

// The matrix at another instant; none when that relieved nothing about validity.
std::optional<Observation> observe_at(Bench& bench, const Matrix& now, std::string_view experiment,
                                      Time at);

}  // namespace medic::diagnose
