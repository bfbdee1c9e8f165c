#pragma once

// What is wrong with a store that was read, as problems of its record, and what its content says of
// its age. Internal to clients/.

#include "clients/survey.h"
#include "trust/store.h"

namespace medic::clients {

// Adds to `record` what `store` reports beyond notes, dates its anchors, and judges those that are
// in no public list at that time: expired public roots are carried by every list.
void add_store_problems(const trust::Store& store, std::optional<Time> at, StoreRecord& record);

// What its age means, once it is known who reads it: a CA of one's own alone in a file is right
// beside other roots, and wrong in their place.
void add_age_problem(StoreRecord& record);

// A list below the system's directories that only its owner may read: nobody who runs as root
// notices, and every other user's clients find no root.
void add_permission_problem(const machine::Machine& machine, StoreRecord& record);

}  // namespace medic::clients
