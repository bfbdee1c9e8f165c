#pragma once

// What `tlsmedic request` does: asks, reports, diagnoses what failed, judges what a preset expects,
// and, where the person allowed it and every condition holds, asks again in the clear.

#include "cli/command.h"

namespace medic::cli {

Result<ExitCode> run_requests(const Args& args, Io& io);

}  // namespace medic::cli
