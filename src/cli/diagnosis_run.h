#pragma once

// A diagnosis as commands run it: recorded, so that it can be saved and repeated; or repeated from
// a saved case. The only place that joins a case, its stores and a world.

#include "diagnose/diagnosis.h"
#include "diagnose/recorded_store.h"
#include "evidence/case.h"
#include "evidence/world.h"

namespace medic::cli {

struct FinishedDiagnosis {
  evidence::Case facts;  // complete: --save writes it as it is
  diagnose::Diagnosis diagnosis;
};

// `facts` holds what was asked and no answers yet; `world` answers.
Result<FinishedDiagnosis> run_diagnosis(evidence::Case facts, diagnose::Stores stores,
                                        evidence::World& world);
// Repeats the reasoning over a saved case; nothing leaves the process.
Result<FinishedDiagnosis> replay_diagnosis(evidence::Case facts);

// The stores that profiles name, opened: "system" and "mozilla"; `roots` (as --roots takes it)
// instead of all of them, `system_roots` instead of the system's. An absent system store is a fact
// about the machine: its clients stay untested.
Result<diagnose::Stores> open_stores(const std::string& roots, const std::string& system_roots);

}  // namespace medic::cli
