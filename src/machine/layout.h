#pragma once

// What kind of system a tree is and who lives on it. Internal to machine/.

#include <string>
#include <vector>

#include "machine/machine.h"

namespace medic::machine {

// `root` is a directory of ours; empty: this machine.
Family family_of_layout(const std::string& root);
// The user of the environment; on other systems everybody who has a home there.
std::vector<User> users_of(const Machine& machine);

}  // namespace medic::machine
