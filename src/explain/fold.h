#pragma once

// One list of failures, each once: retries and exceptions that wrap each other print a failure many
// times.

#include "explain/explain.h"

namespace medic::explain {

// Adds `failure`, or counts it with the same one that is known already. The added one, or null.
const Failure* fold(Explanation& explanation, Failure failure);

}  // namespace medic::explain
