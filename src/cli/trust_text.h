#pragma once

// A root and who holds it, for people and programs.

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/command.h"
#include "cli/trust_view.h"

namespace medic::cli {

// Its fingerprints and a line for each store.
std::string held_text(const HeldRoot& root, const Io& io);
nlohmann::ordered_json held_json(const HeldRoot& root);

}  // namespace medic::cli
