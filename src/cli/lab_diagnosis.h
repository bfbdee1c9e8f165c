#pragma once

// A lab site as the target of a diagnosis: what `demo` and the tests run.

#include "cli/diagnosis_run.h"
#include "lab/lab.h"
#include "probe/network.h"

namespace medic::cli {

// The case and the stores of this site's scenario: its CA is what every profile trusts, and its "OS
// store" what the system's clients trust, where the scenario has one of its own.
struct SitePlan {
  evidence::Case facts;
  diagnose::Stores stores;
  probe::NetworkOptions network;
};
Result<SitePlan> plan_for(const lab::Site& site);

// Diagnoses the site over loopback.
Result<FinishedDiagnosis> diagnose_site(const lab::Site& site);

}  // namespace medic::cli
