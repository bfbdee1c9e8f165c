#pragma once

// The machine as it would be if nothing named CA certificates that cannot be used: what a client
// reads then is the proof that the setting is to blame.

#include "clients/client.h"
#include "clients/survey.h"
#include "machine/machine.h"

namespace medic::clients {

// The inventory of that machine: variables are taken away, and the lines of configuration files
// read as empty; where another one comes to light behind them, that too. Nothing is written.
Inventory without_broken_settings(const machine::Machine& machine, const Inventory& inventory);

// Whether every other setting that `before` found in files is still there. A line taken out of JSON
// or of a value over several lines may take more with it: then nothing is known.
bool only_repaired(const Client& before, const Client& after);

}  // namespace medic::clients
