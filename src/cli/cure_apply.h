#pragma once

// Plans carried out one after the other: asked for, applied, checked, told.

#include <list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/cure.h"
#include "remedy/controls.h"

namespace medic::cli {

// An Error: nobody agreed. `yes` was given by a script.
Result<void> agreed(bool yes, Io& io);

struct Done {
  const Prepared* prepared = nullptr;
  std::string entry;
  std::string ending;  // "applied", "rolled-back", "failed", "nothing"
  std::string reason;
  std::vector<remedy::ClientControls> tried{};
};

struct Applied {
  std::vector<Done> done;
  std::list<std::vector<Prepared>> kept;  // what `done` points into
};

enum class Trials { Wanted, Unwanted };

// Each plan is made anew after the one before was applied: two may change one file.
Result<Applied> apply_all(const Patient& patient, const Wish& wish, Trials trials, Io& io);

// Whether there is something in it that this program does.
bool appliable(const Prepared& one);

std::string plans_text(const std::vector<Prepared>& prepared, const std::string& root,
                       const Io& io);
nlohmann::ordered_json plans_json(const std::vector<Prepared>& prepared, const Io& io);
std::string done_text(const std::vector<Done>& done, const Io& io);
nlohmann::ordered_json done_json(const std::vector<Done>& done, const Io& io);

}  // namespace medic::cli
