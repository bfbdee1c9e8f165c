#pragma once

// Opens a part of a client's trust, through the machine. Internal to clients/.

#include "clients/survey.h"

namespace medic::clients {

// Whatever is wrong with it stands in the record.
// `at` is when its anchors are judged; none: their dates are not.
StoreRecord read_store_part(const machine::Machine& machine, const StorePart& part, std::string id,
                            std::optional<Time> at);

}  // namespace medic::clients
