#pragma once

// What is wrong with a store that was read, as problems of its record, and what its content says of
// its age. Internal to clients/.

#include "clients/survey.h"
#include "trust/store.h"

namespace medic::clients {

// Adds to `record` what `store` reports beyond notes, and dates its anchors.
void add_store_problems(const trust::Store& store, StoreRecord& record);

// What its age means, once it is known who reads it: a CA of one's own alone in a file is right
// beside other roots, and wrong in their place.
void add_age_problem(StoreRecord& record);

}  // namespace medic::clients
