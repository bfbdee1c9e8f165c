#pragma once

// Bundles in plans: the one that a person gave a client, and the one that a client is given.

#include "remedy/remedy.h"

namespace medic::remedy {

// The rule of the person's that names a PEM file of the client's own, and decides; null: none.
const clients::Rule* own_bundle(const Case& one);

// A bundle of today's public roots, what the system and this client trust besides, and `one.roots`:
// named by a key that only this client reads, else by a variable. An Error says that it has
// neither.
Result<void> give_bundle(const Case& one, Plan& plan);

}  // namespace medic::remedy
