#pragma once

// What must hold after a plan was applied, asked of the machine's files and of the real clients;
// and what they answered, for people and programs.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/cure.h"
#include "remedy/controls.h"

namespace medic::cli {

// One applied plan.
struct Check {
  const Patient& patient;
  const clients::Inventory& before;
  const Prepared& prepared;
  const Wish& wish;
  const remedy::Controls* controls = nullptr;  // null: the clients are not to be run
};

// An Error is what does not hold: the plan has to be taken back. `tried` gets what each client that
// the plan affected did, also when it failed.
Result<void> verified(const Check& check, std::vector<remedy::ClientControls>& tried, const Io& io);

// A line for each client.
std::string controls_text(const std::vector<remedy::ClientControls>& tried, const Io& io);
nlohmann::ordered_json controls_json(const std::vector<remedy::ClientControls>& tried,
                                     const Io& io);

}  // namespace medic::cli
