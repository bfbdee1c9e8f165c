#pragma once

// From the words of a command to what shall be cured: --client, --cause, --add, a TARGET whose root
// the clients lack.

#include "cli/cure.h"

namespace medic::cli {

// Asks the target, where one is named.
Result<Wish> wish_of(const Args& args, const Patient& patient, Io& io);

}  // namespace medic::cli
