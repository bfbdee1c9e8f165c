#pragma once

// What the two inventory commands share: the machine that --root names, and its inventory.

#include "cli/command.h"
#include "clients/survey.h"
#include "machine/machine.h"

namespace medic::cli {

// This machine with this process's environment; another tree has an environment of its own.
Result<machine::Machine> machine_of(const Args& args, const Io& io);
clients::Inventory inventory_of(const machine::Machine& machine, const std::string& client,
                                bool startup_files, const Io& io);
// "no client 'pipp'" with what is there.
Error no_such_client(const machine::Machine& machine, const std::string& client);

}  // namespace medic::cli
