#pragma once

// Which files put the variables of variables.h into the environment of programs that start later:
// start-up files of shells, PAM's and systemd's environment files, launchd's property lists,
// registry exports. Only read when the person allowed it: they are private files.

#include <vector>

#include "clients/survey.h"

namespace medic::clients {

// One record for each place that sets a known variable, with file and line, in the order of the
// files. A value that only running would tell is kept as written and not judged.
std::vector<VariableRecord> survey_startup_files(Survey& survey);

}  // namespace medic::clients
