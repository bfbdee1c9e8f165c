#pragma once

// Trials of libraries: a few lines in the client's own language ask it to connect and print
// "tlsmedic-trial <verdict> <words>".

#include <string>
#include <string_view>
#include <vector>

#include "clients/trial.h"

namespace medic::clients {

TrialResult read_script(const ProcessOutcome& outcome);

// `connect` is Python that makes one request to `url` and raises what the library raises. Runs in
// the client's interpreter, without writing byte code.
std::vector<std::string> python_command(const Client& client, const TrialTarget& target,
                                        std::string_view connect);

}  // namespace medic::clients
