#pragma once

// What the causes about interception share: the proof that somebody on the way re-signs.

#include "diagnose/cause.h"

namespace medic::diagnose {

// The observation that proves it, or null: around the proxy another chain is served for the same
// name, or certificates are made for names that nobody can own.
const Observation* resigning(const Clues& clues);
// Whether the system's store of this machine holds the re-signing CA.
bool system_trusts_resigner(const Clues& clues);
// A match from that proof, about the CA that re-signs; empty without one.
std::vector<Match> match_interception(const Clues& clues);

}  // namespace medic::diagnose
