#pragma once

// What the experiments that offer more share: the same question with everything this program can
// speak, for looking only. One connection serves all of them; which experiment it is follows from
// the single thing in which the finished handshake leaves the mainstream offer.

#include <string_view>
#include <vector>

#include "diagnose/experiment.h"

namespace medic::diagnose {

// The question, where the main one was refused in a way that a wider offer may cure.
std::vector<evidence::ProbeSpec> wider_specs(Bench& bench, const Matrix& now);

// An older version than current clients allow.
bool beyond_version(const evidence::Handshake& handshake);
// Only the group is unusual: version and cipher are what current clients offer.
bool beyond_groups(const evidence::Handshake& handshake);

// The matrix with the wider handshakes for which `concerns` says yes; none when they change
// nothing. What was found goes into the bench's base.
std::vector<Observation> observe_wider(Bench& bench, const Matrix& now, std::string_view experiment,
                                       bool (*concerns)(const evidence::Handshake&));

}  // namespace medic::diagnose
