#pragma once

// Trials of programs written in Ruby: gem, bundler.

#include <string>
#include <string_view>
#include <vector>

#include "clients/trial.h"

namespace medic::clients {

// The words that start the client in its interpreter, told where to dial: net/http still sees the
// name.
std::vector<std::string> ruby_command(const Client& client, const TrialTarget& target);
// What OpenSSL, net/http and the programs themselves say.
TrialResult read_ruby_program(const ProcessOutcome& outcome);

}  // namespace medic::clients
