#pragma once

// Opens a part of a client's trust, through the machine. Internal to clients/.

#include "clients/survey.h"

namespace medic::clients {

// Whatever is wrong with it stands in the record.
StoreRecord read_store_part(const machine::Machine& machine, const StorePart& part, std::string id);

}  // namespace medic::clients
