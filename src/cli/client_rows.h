#pragma once

// The installed clients of this machine as rows of a diagnosis: found, their stores opened, and, if
// wanted, run once against the target.

#include <map>
#include <string>

#include "cli/command.h"
#include "clients/survey.h"
#include "diagnose/bench.h"
#include "evidence/case.h"

namespace medic::cli {

// What the client reads, as one set; null when a part cannot be opened from here.
trust::AnchorSetPtr opened_store(const clients::Inventory& inventory,
                                 const clients::EffectiveTrust& trust);

// Reads --client, --clients and --no-trials. Adds the clients to `facts` and their stores to
// `stores`; without those options it does nothing.
Result<void> add_client_rows(const Args& args, const Io& io, evidence::Case& facts,
                             diagnose::Stores& stores);

}  // namespace medic::cli
